"""The DSL's remit is confirmed; statements for a term's report are written. Nothing is ever overwritten."""

from datetime import date, timedelta
from uuid import UUID

from django.urls import reverse
from django.utils import timezone

from core.audit import audited, record
from core.errors import Refused, Stale
from core.signatures import content_hash, sign
from core.tables import date_text
from people.governance.profile import Profile
from people.governance.who import joined
from people.models import School, User
from people.selectors import profile_of
from policies.assurance.access import remit_rules, statement_rules
from policies.assurance.remits import TO_CONFIRM, Lead, is_dsl, leads_of, state_of
from policies.assurance.spans import terms_to_choose
from policies.models import RemitConfirmation, TermStatement
from policies.terms import Span, twelve_months_after

MOST_WORDS = 6000
A_MOMENT = timedelta(minutes=10)
"""So long a second click counts as the same one."""


def remit_url(school: School) -> str:
    """The page of a school's confirmations."""
    return reverse("policies:remit-detail", args=[school.uuid])


def declaration_of(profile: Profile, school: School, leads: list[Lead]) -> str:
    """What is signed (CIT-2.05, STM-2.03)."""
    title = profile.title_of("dsl")
    names = joined((one.name for one in leads), "and")
    return (
        f"I confirm that the remit of the {title} of {school.name}, {names}, covers online safety, "
        "and that this is part of how the role is described and supported."
    )


def seen_hash(declaration: str) -> str:
    """What a page held when it was opened, so that nobody signs for somebody else."""
    return content_hash({"declaration": declaration})


def remit_confirm(*, actor: User, school: School, typed_name: str, seen: str) -> RemitConfirmation:
    """Confirm that the DSL's remit covers online safety, for a year or until there is another DSL (CIT-2.05).

    `seen` is `seen_hash` of the declaration on the page. Raises PermissionDenied, Stale where the DSL changed
    meanwhile, or Refused with what to do. The DSL and their deputies do not confirm their own.
    """
    remit_rules.require_at(actor, "confirm", school)
    if is_dsl(actor, school):
        raise Refused(
            "This is about your own role, so somebody else of the board or the executive team confirms it."
        )
    profile = profile_of(school)
    with audited():
        School.objects.select_for_update(of=("self",), no_key=True).get(pk=school.pk)
        leads = leads_of([school])[school.pk]
        if not leads:
            raise Refused(
                f"Nobody holds the role of {profile.title_of('dsl')} now. Give it to somebody first."
            )
        ids = sorted(str(one.user) for one in leads)
        declaration = declaration_of(profile, school, leads)
        last = RemitConfirmation.objects.filter(school=school).order_by("-at", "-pk").first()
        if last and last.by_id == actor.pk and last.leads == ids and timezone.now() - last.at < A_MOMENT:
            return last
        if seen != seen_hash(declaration):
            raise Stale(
                "Who holds the role has changed since you opened this page. Read it again, then sign."
            )
        if last and state_of(school).remit not in [one.value for one in TO_CONFIRM]:
            raise Stale(
                f"It was confirmed on {date_text(timezone.localdate(last.at))} already. "
                f"The next confirmation is due on {date_text(last.next_on)}."
            )
        content = {"school": str(school.uuid), "leads": ids, "declaration": declaration}
        signature = sign(
            actor=actor, typed_name=typed_name, declaration=declaration, signed_hash=content_hash(content)
        )
        row = RemitConfirmation.objects.create(
            school=school,
            leads=ids,
            signature=signature,
            by=actor,
            at=signature.at,
            next_on=twelve_months_after(timezone.localdate(signature.at)),
        )
        record("policies.remit_confirmed", actor=actor, school=school, subject=row, data={"leads": ids})
    return row


def statement_of(school: School, term: Span, part: str) -> TermStatement | None:
    """The statement in force."""
    rows = TermStatement.objects.filter(school=school, term=term.first, part=part, replaced_at=None)
    return rows.select_related("by").first()


def statement_write(
    *, actor: User, school: School, term: Span, part: str, text: str, seen: UUID | None
) -> TermStatement:
    """Write what one role says in a term's report; an older text is kept as replaced (CIT-2.23, STM-2.21).

    `seen` is the statement that stood there when the page was opened. Raises PermissionDenied, Stale where
    somebody wrote one meanwhile, or Refused with what to do.
    """
    if part not in TermStatement.Part.values:
        raise Refused("Choose what the statement is about.")
    statement_rules.require_at(actor, part, school)
    text = text.strip()
    if not text:
        raise Refused("Write the statement.", field="text")
    if len(text) > MOST_WORDS:
        raise Refused(f"Shorten this to {MOST_WORDS} characters.", field="text")
    if term not in terms_to_choose(profile_of(school)):
        raise Refused("Choose one of the terms of the report.")
    with audited():
        School.objects.select_for_update(of=("self",), no_key=True).get(pk=school.pk)
        now = statement_of(school, term, part)
        if now and now.by_id == actor.pk and now.text == text:
            return now
        if (now.uuid if now else None) != seen:
            raise Stale("Somebody wrote here since you opened this page. Read it, then write yours again.")
        if now:
            now.replaced_at = timezone.now()
            now.save(update_fields=["replaced_at"])
        row = TermStatement.objects.create(school=school, term=term.first, part=part, text=text, by=actor)
        record(
            "policies.term_statement_written",
            actor=actor,
            school=school,
            subject=row,
            data={"part": part, "term": term.first},
        )
    return row


def presented_text(on: date, term: Span, note: str) -> str:
    """The statement that the report was presented. Raises Refused for a day that cannot be."""
    if on > timezone.localdate():
        raise Refused("The day cannot be in the future.", field="on")
    if on < term.first:
        raise Refused("The day must be in the term or later.", field="on")
    return "\n".join(part for part in (f"Presented to the board on {date_text(on)}.", note.strip()) if part)


def report_exported(*, actor: User, school: School, term: Span) -> None:
    """Record that somebody took the report of a term away as a file."""
    statement_rules.require_at(actor, "export", school)
    with audited():
        record("policies.term_report_exported", actor=actor, school=school, data={"term": term.first})
