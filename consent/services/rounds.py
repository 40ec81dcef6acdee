"""Rounds: everybody who still has to answer for a period is asked, and reminded (STM-7.01, CIT-7.01)."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from consent.access import round_rules
from consent.asking import (
    Period,
    adults_to_ask,
    asked_about,
    contacts_to_ask,
    period_of,
    period_of_round,
    pupils_to_ask,
    still_waits,
)
from consent.models import Ask, Round
from consent.services.links import address_of, in_force, links_for, url_of
from consent.services.purposes import require_open
from consent.terms import OPT_OUT, Terms, terms_of
from core.audit import audited, record
from core.clock import LONDON
from core.errors import Refused
from core.models import Notice
from core.notices import notify_all_outside
from people.governance.profile import Profile
from people.models import School, User
from people.selectors import profile_of

ASKED, REMINDED = "consent.asked", "consent.reminded"
INTERVALS = (0, 3, 7, 14, 21, 28)
"""Days between automatic reminders that a school may choose; 0: none."""
MOST_REMINDERS = 5
REST = timedelta(days=3)
"""Nobody is reminded by hand who was written to within this time."""
AFTERWARDS = timedelta(days=14)
"""How long after the last day the portal still reminds by itself."""
CHUNK = 500

NOTHING_ASKED = "Your school asks about nothing yet. Choose first what consent is asked for."
NOT_RECORDED = (
    "Your school's policy takes it that pupils may be shown unless somebody objects, and its settings say "
    "that permissions are not recorded. So there is nothing to ask for."
)


@dataclass(frozen=True)
class Reminded:
    """What a press of the button did: how many were written to, and how many were left alone."""

    written: int
    skipped: int


def round_open(
    *,
    actor: User,
    school: School,
    title: str,
    answer_by: date,
    remind_every: int,
    once: uuid.UUID,
    for_next_year: bool = False,
) -> Round:
    """Ask everybody who still has to answer for the period. The same `once` opens one round.

    `answer_by` is a day in London, today or later; `remind_every` counts days, one of INTERVALS. Raises
    PermissionDenied, and Refused where a round is open already, nothing is asked about, permissions are not
    recorded (RAV-9.02), or everybody has answered.
    """
    round_rules.require_at(actor, "ask", school)
    profile = profile_of(school)
    require_open(profile)
    terms, day = terms_of(profile), timezone.localdate()
    title = " ".join(title.split())
    known = Round.objects.filter(once=once).first()
    if known is not None:
        return _same(known, actor, school, title, answer_by, remind_every)
    period = period_of(terms, day, next_year=for_next_year)
    _check(title, answer_by, remind_every, period, day)
    with audited():
        School.objects.select_for_update(of=("self",)).get(pk=school.pk)
        known = Round.objects.filter(once=once).first()
        if known is not None:
            return _same(known, actor, school, title, answer_by, remind_every)
        if Round.objects.filter(school=school, closed_at=None).exists():
            raise Refused("A round is open already. Close it first, or remind those who have not answered.")
        purposes = purposes_to_ask(school, profile, terms)
        if not pupils_to_ask(school, purposes, period, day).exists():
            raise Refused("There is nobody to ask: every pupil has an answer for this period.")
        row = Round.objects.create(
            once=once,
            school=school,
            title=title,
            until=period.until,
            opened_at=timezone.now(),
            opened_by=actor,
            answer_by=answer_by,
            remind_every=remind_every,
        )
        asked = ask_missing(row, purposes, terms, day)
        record("consent.round_opened", actor=actor, school=school, subject=row, data={"asked": asked})
    return row


def _same(known: Round, actor: User, school: School, title: str, answer_by: date, remind_every: int) -> Round:
    """The round that the same form opened before. Raises Refused when it was sent with other answers."""
    was = (known.opened_by_id, known.school_id, known.title, known.answer_by, known.remind_every)
    if was != (actor.pk, school.pk, title, answer_by, remind_every):
        raise Refused("This form was sent already, with other answers. Open the page again.")
    return known


def _check(title: str, answer_by: date, remind_every: int, period: Period, day: date) -> None:
    if not title:
        raise Refused("Enter a name for the round.", field="title")
    if answer_by < day:
        raise Refused("Enter a day that is not in the past.", field="answer_by")
    if period.until and answer_by > period.until:
        raise Refused("Enter a day within the period that you ask about.", field="answer_by")
    if remind_every not in INTERVALS:
        raise Refused("Choose how often the portal reminds.", field="remind_every")


def purposes_to_ask(school: School, profile: Profile, terms: Terms) -> list[int]:
    """Ids of what a round asks about. Raises Refused, with the reason, where there is nothing."""
    purposes = asked_about(school, profile, terms)
    if not purposes:
        silent = terms.model == OPT_OUT and not profile.consent_permission_record
        raise Refused(NOT_RECORDED if silent else NOTHING_ASKED)
    return purposes


def ask_missing(row: Round, purposes: list[int], terms: Terms, day: date) -> int:
    """Ask those who have to answer and were not asked in this round. Returns how many.

    Inside the transaction of the round, whose row is new or locked; it takes a few queries for every
    500 people.
    """
    pupils = pupils_to_ask(row.school, purposes, period_of_round(row, terms), day)
    asked = Ask.objects.filter(round=row)
    contacts = contacts_to_ask(pupils, terms, day).exclude(Exists(asked.filter(contact=OuterRef("pk"))))
    adults = adults_to_ask(pupils, terms, day).exclude(Exists(asked.filter(pupil=OuterRef("pk"))))
    count = 0
    for some in _chunks(list(contacts.order_by("pk"))):
        links = links_for(contacts=some)
        count += _ask(row, [Ask(contact=one, link=links[one.pk]) for one in some])
    for some in _chunks(list(adults.order_by("pk"))):
        links = links_for(pupils=some)
        count += _ask(row, [Ask(pupil=one, link=links[one.pk]) for one in some])
    return count


def _ask(row: Round, asks: list[Ask]) -> int:
    now = timezone.now()
    for one in asks:
        one.round, one.asked_at, one.written_at = row, now, now
    _write(ASKED, Ask.objects.bulk_create(asks))
    return len(asks)


def _write(kind: str, asks: list[Ask]) -> None:
    """One mail for each, under the number of the reminder that it is."""
    mails = [(address_of(one.link), one, notice_key(one.round_id, one.pk, one.reminders)) for one in asks]
    notify_all_outside(kind, mails)


def notice_key(round_pk: int, ask_pk: int, number: int) -> str:
    """What makes a mail of a round one mail: the round, the person asked, and the number of the reminder."""
    return f"round:{round_pk}:{ask_pk}:{number}"


def _chunks(rows: list) -> Iterable[list]:
    return (rows[start : start + CHUNK] for start in range(0, len(rows), CHUNK))


def round_remind(*, actor: User, round: Round) -> Reminded:
    """Remind everybody who has not answered, but for those who were written to within three days.

    Raises PermissionDenied, and Refused where the round is closed or everybody has answered.
    """
    round_rules.require(actor, "ask", round)
    with audited():
        row = _locked(round.pk)
        if row.closed_at:
            raise Refused("This round is closed.")
        waiting = waiting_asks(row)
        skipped = waiting.filter(written_at__gt=timezone.now() - REST).count()
        written = _remind(waiting.filter(written_at__lte=timezone.now() - REST))
        if not written and not skipped:
            raise Refused("Everybody who was asked has answered.")
        record(
            "consent.round_reminded", actor=actor, school=row.school, subject=row, data={"written": written}
        )
    return Reminded(written, skipped)


def _locked(pk: int) -> Round:
    """The round, locked: its asks change under this lock alone, so that nobody is written to twice."""
    return Round.objects.select_for_update(of=("self",)).select_related("school").get(pk=pk)


def waiting_asks(row: Round) -> QuerySet[Ask]:
    """The asks of a round about whose pupils something is not answered by anybody yet."""
    profile, day = profile_of(row.school), timezone.localdate()
    terms = terms_of(profile)
    purposes = asked_about(row.school, profile, terms)
    pupils = pupils_to_ask(row.school, purposes, period_of_round(row, terms), day)
    return still_waits(Ask.objects.filter(round=row), pupils, terms, day)


def _remind(asks: QuerySet[Ask]) -> int:
    """Write to these once more. Their round is locked. Returns how many."""
    due = list(asks.select_related("contact", "pupil").order_by("pk"))
    now = timezone.now()
    for some in _chunks(due):
        # An address may have changed since they were asked, and the link with it.
        of_contacts = links_for(contacts=[one.contact for one in some if one.contact])
        of_pupils = links_for(pupils=[one.pupil for one in some if one.pupil])
        moved = []
        for one in some:
            link = of_contacts[one.contact_id] if one.contact else of_pupils[one.pupil_id]
            if link.pk != one.link_id:
                moved.append(one)
            one.link, one.reminders = link, one.reminders + 1
        Ask.objects.bulk_update(moved, ["link"])
        Ask.objects.filter(pk__in=[one.pk for one in some]).update(
            written_at=now, reminders=F("reminders") + 1
        )
        _write(REMINDED, some)
    return len(due)


def round_close(*, actor: User, round: Round) -> None:
    """Stop asking. Links keep working, and whoever has not answered may still do so.

    Raises PermissionDenied, and Refused where it was closed meanwhile.
    """
    round_rules.require(actor, "ask", round)
    with audited():
        row = _locked(round.pk)
        if row.closed_at:
            raise Refused("This round was closed meanwhile.")
        _close(row, actor)


def _close(row: Round, actor: User | None) -> None:
    row.closed_at, row.closed_by = timezone.now(), actor
    row.save(update_fields=["closed_at", "closed_by"])
    record("consent.round_closed", actor=actor, school=row.school, subject=row)


def round_work(pk: int) -> bool:
    """What the clock does with one open round: close it when its period is over, else ask and remind.

    New pupils and new addresses are asked; whoever was last written to `remind_every` days ago or earlier is
    reminded, at most five times and until two weeks after the last day. Safe to run twice, or at once with
    the button. Returns whether anything was done.
    """
    with audited():
        row = _locked(pk)
        day = timezone.localdate()
        if row.closed_at:
            return False
        if row.until and row.until < day:
            _close(row, None)
            return True
        profile = profile_of(row.school)
        if day > row.answer_by + AFTERWARDS or not profile.is_open("consent"):
            return False
        terms = terms_of(profile)
        asked = ask_missing(row, asked_about(row.school, profile, terms), terms, day)
        written = _remind(waiting_asks(row).filter(_due(row, day))) if row.remind_every else 0
        if asked or written:
            record(
                "consent.round_reminded",
                school=row.school,
                subject=row,
                data={"asked": asked, "written": written},
            )
    return bool(asked or written)


def _due(row: Round, day: date) -> Q:
    """Those last written to so many days ago that the next reminder is due on `day`."""
    after = datetime.combine(day - timedelta(days=row.remind_every - 1), time(), LONDON)
    return Q(written_at__lt=after, reminders__lt=MOST_REMINDERS)


# Mails: asked again when one is sent


def _ask_of(key: str) -> Ask | None:
    road = ("round__school", "link__contact__school", "link__pupil__school")
    return Ask.objects.select_related(*road).filter(pk=key).first()


def asked_link(notice: Notice) -> str:
    """The address in a mail of a round, made when it is sent."""
    ask = _ask_of(notice.subject.partition(":")[2])
    return url_of(ask.link) if ask else ""


def asked_may_receive(user: User | None, key: str) -> bool:
    """Whether a mail of a round still goes out: the round is open, the link works, nobody has answered."""
    ask = _ask_of(key)
    if user is not None or ask is None or ask.round.closed_at or not in_force(ask.link):
        return False
    return waiting_asks(ask.round).filter(pk=ask.pk).exists()
