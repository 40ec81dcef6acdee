"""The consent check: answering one, and keeping it as evidence (CIT-7.18, STM-7.24)."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils import timezone

from consent.access import check_rules, flag_rules, pupil_rules
from consent.checking import ENTRY, PERSONAL, Entry, Roster, Whom, read_check, whom
from consent.ledger import LEFT, PurposeFacts, Use, Verdict, covers
from consent.models import CheckedPupil, CheckLeftover, CheckWords, ConsentCheck
from consent.pictures import Headline, Rule, goes_there, headline, headline_then, rules_for
from consent.selectors import here, purposes_at
from consent.services.purposes import require_open
from consent.terms import terms_of
from consent.wording import Words, words_for
from core.access import Rules
from core.audit import audited, record
from core.errors import Refused
from core.statuses import status_words
from people.governance.profile import Profile
from people.models import School, User
from people.selectors import profile_of

SENT_BEFORE = "This check was kept already, with other answers. Check again, then keep the new one."


@dataclass(frozen=True)
class Question:
    """What somebody asks: whole classes, pupils by public id, pasted names, and the exact use."""

    use: Use
    classes: tuple[str, ...] = ()
    chosen: tuple[uuid.UUID, ...] = ()
    names: str = ""


@dataclass(frozen=True)
class Told:
    """One pupil and the answer, in the words that the reader may see."""

    entry: Entry
    verdict: Verdict
    words: Words

    @property
    def may(self) -> bool:
        """Whether the pupil may be shown."""
        return self.verdict.may

    @property
    def note(self) -> str:
        """What the words say beyond the status; nothing for whoever sees only yes or no."""
        return "" if self.words.text == status_words(self.words.status)[0] else self.words.text


@dataclass(frozen=True)
class Answered:
    """A check and its answer.

    `asked_about` is False where the school asks nobody about such a use, so that silence is all there is.
    """

    use: Use
    whom: Whom
    told: tuple[Told, ...]
    headline: Headline
    rules: tuple[Rule, ...]
    asked_about: bool
    day: date

    @property
    def may(self) -> list[Told]:
        """Those who may be shown, by name."""
        return [one for one in self.told if one.may]

    @property
    def may_not(self) -> list[Told]:
        """Those who may not, by name."""
        return [one for one in self.told if not one.may]


def roster_of(actor: User, school: School, day: date, action: str = "view") -> Roster:
    """The pupils of a school on a day, as far as the actor may see them, in one query.

    Whoever has left, was erased, or belongs to another school is not among them.
    """
    rows = pupil_rules.visible_to(actor, action).filter(here(day), school=school)
    return Roster(tuple(Entry(*row) for row in rows.order_by().values_list(*ENTRY)))


def reader_of(actor: User, school: School) -> tuple[bool, bool]:
    """Whether the actor reads reasons there, and whether they read of the flag "never show"."""
    return pupil_rules.allows_at(actor, "details", school), flag_rules.allows_at(actor, "view", school)


def told_of(
    actor: User, school: School, entries: Iterable[Entry], verdicts: dict[int, Verdict]
) -> tuple[Told, ...]:
    """The answers in the words that the actor may see."""
    details, flag = reader_of(actor, school)
    return tuple(
        Told(entry, verdicts[entry.pk], words_for(verdicts[entry.pk], details, flag)) for entry in entries
    )


def check_read(
    *,
    actor: User,
    school: School,
    question: Question,
    profile: Profile,
    roster: Roster,
    day: date,
    purposes: list[PurposeFacts] | None = None,
) -> Answered:
    """Answer a check, as of a day in London. Callers have asked the rules; nothing is stored."""
    terms = terms_of(profile)
    use = question.use
    found = whom(roster, question.classes, question.chosen, question.names)
    verdicts = read_check(school, [entry.pk for entry in found.pupils], use, terms, day)
    pupils = tuple(entry for entry in found.pupils if entry.pk in verdicts)
    may = sum(verdicts[entry.pk].may for entry in pupils)
    asked = purposes_at(school) if purposes is None else purposes
    return Answered(
        use=use,
        whom=replace(found, pupils=pupils),
        told=told_of(actor, school, pupils, verdicts),
        headline=headline(profile, terms, use, may, len(pupils), found.leftovers),
        rules=tuple(rules_for(profile, terms, use)),
        asked_about=not goes_there(terms, use) or any(covers(one, use) for one in asked),
        day=day,
    )


def use_data(use: Use) -> dict[str, Any]:
    """A use as the history keeps it."""
    return {
        "medium": use.medium,
        "channel": use.channel,
        "platform": use.platform,
        "in_group": use.in_group,
        "first_name": use.first_name,
    }


def check_make(
    *,
    actor: User,
    school: School,
    question: Question,
    roster: Roster,
    profile: Profile,
    rules: Rules,
    action: str,
    purposes: list[PurposeFacts],
) -> Answered:
    """Answer a check or make a class photo list, and put into the history that it was asked.

    `profile`, `roster` and `purposes` are those of the school, as the page has just read them.

    Raises PermissionDenied, and Refused while the school's settings on consent are open.
    """
    rules.require_at(actor, action, school)
    require_open(profile)
    answered = check_read(
        actor=actor,
        school=school,
        question=question,
        profile=profile,
        roster=roster,
        day=timezone.localdate(),
        purposes=purposes,
    )
    data = {**use_data(question.use), "pupils": len(answered.told), "may": len(answered.may)}
    with audited():
        action_said = "consent.checked" if rules is check_rules else "consent.photo_list_made"
        record(action_said, actor=actor, school=school, data=data)
    return answered


def check_keep(
    *, actor: User, school: School, question: Question, what: str, once: uuid.UUID
) -> ConsentCheck:
    """Keep a check as evidence, worked out again at this moment. The same `once` keeps it one time.

    What the browser showed is not trusted: whom the names mean and who may be shown is read afresh.
    Raises PermissionDenied; Refused where nobody is asked about, or the same page was sent with other answers.
    """
    check_rules.require_at(actor, "check", school)
    profile = profile_of(school)
    require_open(profile)
    use = question.use
    if use.channel == PERSONAL:
        raise Refused(
            "There is nothing to keep: no pupil may be shown on anybody’s own account.", field="channel"
        )
    what = what.strip()
    if not what:
        raise Refused("Say what the pictures are for.", field="what")
    with audited():
        School.objects.select_for_update(of=("self",)).get(pk=school.pk)
        day = timezone.localdate()
        found = whom(roster_of(actor, school, day), question.classes, question.chosen, question.names)
        if not found.pupils:
            raise Refused("No pupil was found, so there is nothing to keep.", field="names")
        before = ConsentCheck.objects.filter(once=once).first()
        if before is not None:
            return _same(before, actor, school, use, what, found)
        verdicts = read_check(school, [one.pk for one in found.pupils], use, terms_of(profile), day)
        check = ConsentCheck.objects.create(
            once=once,
            school=school,
            by=actor,
            medium=use.medium,
            channel=use.channel,
            platform_id=use.platform,
            in_group=use.in_group,
            first_name=use.first_name,
        )
        CheckWords.objects.create(check_row=check, what=what)
        CheckedPupil.objects.bulk_create(
            [
                CheckedPupil(
                    check_row=check,
                    pupil_id=one.pk,
                    may=verdicts[one.pk].may,
                    reason=verdicts[one.pk].reason,
                )
                for one in found.pupils
            ]
        )
        CheckLeftover.objects.bulk_create(
            [CheckLeftover(check_row=check, typed=one.typed, several=True) for one in found.doubts]
            + [CheckLeftover(check_row=check, typed=one, several=False) for one in found.nobody]
        )
        data = {
            **use_data(use),
            "pupils": [one.pk for one in found.pupils],
            "may": sum(one.may for one in verdicts.values()),
        }
        record("consent.check_kept", actor=actor, school=school, subject=check, data=data)
    return check


def _same(
    before: ConsentCheck, actor: User, school: School, use: Use, what: str, found: Whom
) -> ConsentCheck:
    """The check that this page made, if it says the same. Raises Refused."""
    same = (
        before.by_id == actor.pk
        and before.school_id == school.pk
        and before.what == what
        and use_of(before) == use
        and set(before.pupils.values_list("pupil_id", flat=True)) == {one.pk for one in found.pupils}
    )
    if not same:
        raise Refused(SENT_BEFORE)
    return before


def use_of(check: ConsentCheck) -> Use:
    """The use that a kept check asked about."""
    return Use(check.medium, check.channel, check.platform_id, check.in_group, check.first_name)


@dataclass(frozen=True)
class Kept:
    """A kept check as one may read it: what was told then, and the names that had no answer."""

    told: tuple[Told, ...]
    leftovers: tuple[CheckLeftover, ...]
    headline: Headline
    rules: tuple[Rule, ...]

    @property
    def may(self) -> list[Told]:
        """Those who might be shown then, by name."""
        return [one for one in self.told if one.may]

    @property
    def may_not(self) -> list[Told]:
        """Those who might not, by name."""
        return [one for one in self.told if not one.may]


def check_shown(actor: User, check: ConsentCheck, profile: Profile) -> Kept:
    """What a kept check holds, in the words that the actor may see; three queries.

    A later withdrawal does not change it: what was lawful then stays so (CIT-7.11, STM-7.11).
    """
    entries, verdicts, _ = _kept_rows(check)
    leftovers = tuple(check.leftovers.exclude(typed=""))
    terms, use = terms_of(profile), use_of(check)
    may = sum(one.may for one in verdicts.values())
    return Kept(
        told=told_of(actor, check.school, entries, verdicts),
        leftovers=leftovers,
        headline=headline_then(may, len(entries), len(leftovers)),
        rules=tuple(rules_for(profile, terms, use)),
    )


def _kept_rows(check: ConsentCheck) -> tuple[list[Entry], dict[int, Verdict], set[int]]:
    """The pupils of a kept check by name, what was told, and who has been erased since; one query."""
    rows = check.pupils.order_by().values_list(
        "may", "reason", "pupil__erased_at", *(f"pupil__{name}" for name in ENTRY)
    )
    entries: list[Entry] = []
    verdicts: dict[int, Verdict] = {}
    gone: set[int] = set()
    for may, reason, erased, *facts in rows:
        entry = Entry(*facts)
        entries.append(entry._replace(first="A former pupil", preferred="", last="") if erased else entry)
        verdicts[entry.pk] = Verdict(may, reason)
        if erased:
            gone.add(entry.pk)
    return sorted(entries, key=lambda one: one.order), verdicts, gone


@dataclass(frozen=True)
class Change:
    """A pupil of a kept check whose answer is another one now."""

    entry: Entry
    then: Words
    now: Words


def check_again(actor: User, check: ConsentCheck, profile: Profile) -> list[Change]:
    """Whose answer has changed since a check was kept, by name, in the words that the actor may see.

    Raises PermissionDenied for whoever may not check at the school now.
    """
    if not check_rules.allows_at(actor, "check", check.school):
        raise PermissionDenied
    entries, then, gone = _kept_rows(check)
    day = timezone.localdate()
    now = read_check(check.school, [one.pk for one in entries], use_of(check), terms_of(profile), day)
    now.update({pk: Verdict(False, LEFT) for pk in then if pk in gone or pk not in now})
    before = told_of(actor, check.school, entries, then)
    after = told_of(actor, check.school, entries, now)
    return [
        Change(old.entry, old.words, new.words)
        for old, new in zip(before, after, strict=True)
        if old.words.status != new.words.status
    ]
