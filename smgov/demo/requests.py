"""Playing the plans: each request goes through the same services as a person's own."""

import uuid
from collections.abc import Iterator
from functools import partial

from django.utils import timezone

from accounts.choices import Form
from accounts.models import AccountRequest
from accounts.models.request import Topic
from accounts.questions import keys_of
from accounts.services import register, requests
from approvals.models import ApprovalRequest, ApprovalStep, Decision
from approvals.services import chase, step_decide
from people.models import User
from people.selectors import profile_of
from smgov.demo.answers import answers_for, first_page_only, page_of
from smgov.demo.clock import Scene
from smgov.demo.people import DOMAINS, Cast
from smgov.demo.script import Plan, Step, plans

OUTCOMES = {
    "yes": Decision.Outcome.APPROVED,
    "no": Decision.Outcome.REFUSED,
    "return": Decision.Outcome.RETURNED,
}


def decide(
    request: ApprovalRequest, actor: User, outcome: str = Decision.Outcome.APPROVED, reasons: str = ""
) -> None:
    """Sign the current step as the actor."""
    row = ApprovalRequest.objects.get(pk=request.pk)
    step = row.steps.get(status=ApprovalStep.Status.CURRENT)
    step_decide(
        request=row,
        expected_step=step.pk,
        expected_hash=row.rounds.get(number=row.round).hash,
        actor=actor,
        outcome=outcome,
        reasons=reasons,
        typed_name=actor.full_name,
    )


class Played:
    """One plan on its way."""

    def __init__(self, cast: Cast, plan: Plan) -> None:
        self.cast, self.plan = cast, plan
        self.asker = cast.who(plan.asker)
        self.request: AccountRequest | None = None

    def do(self, step: Step) -> None:
        """One step: a decision, or its word names the method."""
        if step.what in OUTCOMES:
            decide(self._fresh().approval, self.cast.who(step.who), OUTCOMES[step.what], step.words)
        else:
            getattr(self, step.what)(step)

    def start(self, step: Step, whole: bool = True) -> None:
        """A draft with every answer, or with the first page only."""
        plan = self.plan
        self.request = requests.request_start(
            actor=self.asker, school=self.cast.schools[plan.school], once=uuid.uuid4()
        )
        form = self.request.form
        mailbox = "".join(c if c.isalnum() else "-" for c in plan.handle.strip("@")) or "nursery"
        answers = answers_for(
            form,
            plan.kind,
            plan.platform,
            name=plan.name,
            handle=plan.handle,
            aims=plan.aims,
            official_email=f"{mailbox}@{DOMAINS[plan.school]}",
            department=plan.name,
            **plan.answers,
        )
        self._save(answers if whole else first_page_only(form, answers), self._people(form) if whole else {})

    def half(self, step: Step) -> None:
        """A draft whose author stopped on the second page."""
        self.start(step, whole=False)

    def _people(self, form: str) -> dict[str, list[User]]:
        plan = self.plan
        names = {
            "administrators": (plan.asker, plan.second),
            "moderator": (plan.second,),
            "lead": (plan.second,),
        }
        names.update(plan.people)
        with_lead = form == Form.RAVENS_WOOD or profile_of(self.request.school).lead_required
        asked = [key for key in keys_of(form) if key != "lead" or with_lead]
        return {
            key: [self.cast.who(name) for name in chosen] for key, chosen in names.items() if key in asked
        }

    def _save(self, answers: dict, people: dict) -> None:
        requests.answers_save(actor=self.asker, request=self.request, values=answers, people=people)

    def ask(self, step: Step) -> None:
        """Ask for advice on purpose and content."""
        self._write(self.asker, Topic.CONSULTATION, step.words)

    def tech(self, step: Step) -> None:
        """Ask for technical help."""
        self._write(self.asker, Topic.TECHNICAL, step.words)

    def reply(self, step: Step) -> None:
        """Advise the asker."""
        self._write(self.cast.who(step.who), Topic.CONSULTATION, step.words)

    def help(self, step: Step) -> None:
        """Answer a technical question."""
        self._write(self.cast.who(step.who), Topic.TECHNICAL, step.words)

    def _write(self, author: User, topic: str, words: str) -> None:
        requests.consult(actor=author, request=self.request, topic=topic, text=words, once=uuid.uuid4())

    def send(self, step: Step) -> None:
        """Submit it, or send it again."""
        requests.request_send(actor=self.asker, request=self._fresh())

    def mend(self, step: Step) -> None:
        """Answer a question by adding to the aims."""
        self._save({"aims": f"{self.plan.aims}\n{step.words}"}, {})

    def live(self, step: Step) -> None:
        """The account is set up, and the asker records that it is live."""
        register.account_go_live(
            actor=self.asker,
            account=self._fresh().account,
            handle=self.plan.handle,
            address=page_of(self.plan.platform, self.plan.handle),
            live_since=timezone.localdate(),
        )

    def withdraw(self, step: Step) -> None:
        """Take it back."""
        requests.request_take_back(actor=self.asker, request=self._fresh())

    def discard(self, step: Step) -> None:
        """Put a draft aside."""
        requests.request_discard(actor=self.asker, request=self.request)

    def _fresh(self) -> AccountRequest:
        return AccountRequest.objects.select_related("approval", "school").get(pk=self.request.pk)


def scenes(cast: Cast) -> Iterator[Scene]:
    """Every step of every plan; and the reminders, which also close what was returned and left."""
    for plan in plans():
        played = Played(cast, plan)
        for number, step in enumerate(plan.steps):
            yield Scene(step.days, 9.5 + number / 2, partial(played.do, step))
    for days in (28, 20):
        yield Scene(days, 17.5, chase)
