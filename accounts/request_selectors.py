"""What the request pages read: the list, one request with its sections, the road it takes, who advises."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.urls import reverse

from accounts import answers as answering
from accounts import questions
from accounts.access import request_rules
from accounts.answers import PUBLICS, Problem
from accounts.directory import Directory
from accounts.models import AccountRequest
from accounts.models.request import Topic
from accounts.questions import Answers, Section
from accounts.services.requests import advisers, chain_of
from approvals.models import ApprovalStep
from approvals.selectors import snapshot_sections
from approvals.signers import signers_at
from people.governance.profile import Profile
from people.governance.who import StepSpec
from people.models import School, User
from people.selectors import profile_of

SEVERAL = ("administrators", "posters")
"""Questions that name several people, each in a box of its own."""


def anchor_of(key: str, detail: str = "") -> str:
    """The id on which a link to a question's field lands."""
    if detail:
        return f"id_{key}_{detail}"
    if key in SEVERAL:
        return f"id_{key}_1"
    if key in (*PUBLICS, "openness"):
        return f"id_{key}_0"
    return f"id_{key}_day" if key == "go_live_on" else f"id_{key}"


def requests_of(user: User, *, others: bool) -> QuerySet[AccountRequest]:
    """A person's own requests, or those of others that they may see, each with the title it lies with."""
    current = ApprovalStep.objects.filter(request=OuterRef("approval"), status=ApprovalStep.Status.CURRENT)
    rows = request_rules.visible_to(user, "view").exclude(requested_by=user) if others else own(user)
    rows = rows.annotate(lies_with=Subquery(current.values("title")[:1]))
    return rows.select_related("school", "platform", "approval", "requested_by")


def own(user: User) -> QuerySet[AccountRequest]:
    """A person's own requests: those that they may edit."""
    return request_rules.visible_to(user, "edit")


def with_status(rows: QuerySet[AccountRequest], status: str) -> QuerySet[AccountRequest]:
    """Those of one status; what was put aside is shown only when it is asked for."""
    if status == "discarded":
        return rows.exclude(discarded_at=None)
    rows = rows.filter(discarded_at=None)
    if status == "draft":
        return rows.filter(approval=None)
    return rows.filter(approval__status=status) if status else rows


def matching(rows: QuerySet[AccountRequest], words: str) -> QuerySet[AccountRequest]:
    """Those in which each word stands in the name, handle, platform or author."""
    for word in words.split():
        rows = rows.filter(
            Q(name__icontains=word)
            | Q(handle__icontains=word)
            | Q(platform__name__icontains=word)
            | Q(requested_by__full_name__icontains=word)
        )
    return rows


@dataclass(frozen=True)
class SectionState:
    """One section in the task list: how far it is, and what is wrong in it."""

    section: Section
    status: str
    problems: list[Problem]
    url: str

    @property
    def task(self) -> dict[str, str]:
        """For the task list; a section with mistakes opens with them shown."""
        query = "?problems=1" if self.status == "attention" else ""
        return {"title": self.section.title, "url": self.url + query, "status": self.status}


class Reading:
    """One request, read once for a page: its profile, people, answers, and what is wrong with them."""

    def __init__(self, row: AccountRequest, today: date) -> None:
        self.row = row
        self.today = today
        self.profile = profile_of(row.school)
        self.directory = Directory(row.school)
        self.refresh(row)

    def refresh(self, row: AccountRequest) -> None:
        """Read the answers again after they were saved."""
        self.row = row
        self.answers: Answers = answering.of(row, self.profile)
        self.sections = questions.sections_of(row.form, self.answers)
        self.problems = answering.problems(
            row.form,
            self.answers,
            profile=self.profile,
            school=row.school,
            today=self.today,
            directory=self.directory,
        )

    @property
    def states(self) -> list[SectionState]:
        """Every section that is asked, with how far it is."""
        return [self._state(section) for section in self.sections]

    def _state(self, section: Section) -> SectionState:
        wrong = [problem for problem in self.problems if problem.key in section.keys]
        started = any(not answering.is_empty(self.answers[key]) for key in section.keys)
        status = "completed" if not wrong else "in_progress" if started else "not_started"
        if any(not problem.missing for problem in wrong):
            status = "attention"
        return SectionState(section, status, wrong, self.url_of(section))

    def url_of(self, section: Section) -> str:
        """The page of a section."""
        return reverse("accounts:request-section", args=[self.row.uuid, section.slug])

    def after(self, section: Section) -> str:
        """Where "Save and continue" leads: the next section with something to do, else the check."""
        states = self.states
        places = [state.section for state in states]
        start = places.index(section) + 1 if section in places else 0
        for state in [*states[start:], *states[:start]]:
            if state.problems:
                return state.url
        return reverse("accounts:request-check", args=[self.row.uuid])

    def snapshot(self) -> dict[str, Any]:
        """The answers now, in the words in which they will be frozen."""
        return answering.snapshot(self.row.form, self.answers, self.profile, self.today)


def check_sections(reading: Reading, frozen: dict[str, Any]) -> list[dict[str, Any]]:
    """The answers for "Check your answers": each row leads to its field, warnings apart."""
    urls = {state.section.slug: state.url for state in reading.states}
    missing = {problem.key for problem in reading.problems if problem.missing}
    shown = []
    for section, plain in zip(frozen["sections"], snapshot_sections(frozen), strict=True):
        url = urls[section["slug"]]
        rows = [
            {
                **row,
                "action_url": f"{url}#{anchor_of(source['key'])}",
                "action_text": "Answer" if source["key"] in missing else "Change",
                "hidden_text": source["label"],
            }
            for row, source in zip(plain["rows"], section["rows"], strict=True)
        ]
        shown.append({**plain, "rows": rows})
    return shown


@dataclass(frozen=True)
class Signing:
    """One step that a request will take: who signs, in the school's own title, and who that is now."""

    title: str
    people: str
    stuck: bool


def road_of(profile: Profile, directory: Directory, author: User) -> list[Signing]:
    """Who will sign a request of this author, in order, before it is sent."""
    return [_signing(step, profile, directory, author) for step in chain_of(profile, directory.school)]


def _signing(step: StepSpec, profile: Profile, directory: Directory, author: User) -> Signing:
    title = profile.title_of(step.role, step.post)
    names = [person.full_name for person in directory.holders([step.ref], but=author)]
    if not names:  # a deputy or the chair, asked of the engine itself
        stand_ins = signers_at(directory.school, str(step.ref), title, {author.pk})
        names = [f"{signer.user.full_name} ({signer.capacity})" for signer in stand_ins]
    joint = " and " if step.needed == ApprovalStep.Needed.ALL else " or "
    return Signing(title, _short(names, joint), stuck=not names)


@dataclass(frozen=True)
class Advice:
    """Who answers on one topic: titles, and the people who hold them now (empty: nobody)."""

    topic: Topic
    titles: str
    people: str


def advice_of(profile: Profile, directory: Directory, author: User) -> list[Advice]:
    """Whom an author may ask, topic by topic."""
    return [_advice(topic, profile, directory, author) for topic in Topic]


def _advice(topic: Topic, profile: Profile, directory: Directory, author: User) -> Advice:
    specs = advisers(profile, topic)
    titles = [profile.title_of(*_parts(spec)) for spec in specs]
    people = [person.full_name for person in directory.holders(specs, but=author)]
    return Advice(topic, " and ".join(titles), _short(people, ", "))


def _parts(spec: str) -> tuple[str, str]:
    role, _, post = spec.partition("/")
    return role, post


def _short(names: Iterable[str], joint: str) -> str:
    """Names in one line; a long list is cut."""
    names = list(names)
    return joint.join(names[:4]) + (f" and {len(names) - 4} more" if len(names) > 4 else "")


def schools_for(user: User) -> list[School]:
    """The schools at which a person may start a request, by name."""
    return list(
        School.objects.filter(pk__in=request_rules.schools(user, "start"), active=True).order_by("name")
    )
