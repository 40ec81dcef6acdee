"""Links with pupils and parents: declared, noted, ended (CIT-4.03, CIT-4.04, CIT-4.09, BEC-4.08, CBC-9.03 to 9.05)."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID

from django.db import IntegrityError
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from core.audit import audited, record
from core.errors import Refused, Stale
from core.notices import notify
from core.sweeps import sweep_due
from people.governance.profile import Profile
from people.models import School, User
from people.selectors import holders_of_any, profile_of
from policies.declarations.access import declaration_rules
from policies.declarations.policy_words import allows_contact, not_allowed
from policies.declarations.roads import declaration_road, named_at, rows_of, specs_of
from policies.models import (
    Declaration,
    DeclarationHearer,
    DeclarationNote,
    DeclarationStep,
    DeclarationText,
    DepartureStep,
    Relation,
)

About, State = Declaration.About, Declaration.State
OPEN = (State.SENT, State.NOTED, State.ADVISED)
HEARD = (State.NOTED, State.ADVISED)
MOST_PERSON, MOST_DETAILS, MOST_NOTE = 150, 2000, 1000
CHILDHOOD = timedelta(days=18 * 366)
SENT_BEFORE = (
    "This page was sent already, with other answers. What you typed is still here: copy it into a new page."
)
SENT_LONG_AGO = "This page was sent long ago, and its time is over. Open it afresh."


@dataclass(frozen=True)
class Told:
    """What somebody says of a link. `eighteen_on` is the 18th birthday of a former pupil, if known."""

    about: str
    relation: str
    person: str
    contact: bool
    details: str = ""
    eighteen_on: date | None = None


def abouts(profile: Profile) -> list[tuple[str, str]]:
    """About whom the school's policy asks: former pupils only where it covers them (BEC-4.08)."""
    return [choice for choice in About.choices if choice[0] != About.FORMER or profile.contact_former_pupils]


def relations(profile: Profile) -> list[tuple[str, str]]:
    """Which links the school's policy asks about (CBC-9.03)."""
    asked = {
        Relation.FORMER_PUPIL: profile.contact_former_pupils,
        Relation.SOCIAL: profile.contact_social_circle,
    }
    return [choice for choice in Relation.choices if asked.get(choice[0], True)]


def url_of(row: Declaration) -> str:
    """The page of a declaration."""
    return reverse("policies:declaration-detail", args=[row.uuid])


def hearers_of(row: Declaration) -> QuerySet[User]:
    """The people who hear it now, by the roles that were frozen. Never its own declarer, nor whom it names."""
    people = holders_of_any(row.school, specs_of(row.hearers.all())).exclude(pk=row.by_id)
    return people.exclude(pk__in=row.names.values("pk"))


def declaration_make(*, actor: User, school: School, once: UUID, told: Told) -> Declaration:
    """Declare a link, and tell those who hear of it. The same page sent twice is one declaration.

    Whether the policy of today allows contact is frozen with it. A colleague who bears the name of the parent in
    it never hears it: the next in the road does, where nobody else is left. Raises PermissionDenied, or Refused.
    """
    declaration_rules.require_at(actor, "make", school)
    profile = profile_of(school)
    told = replace(told, person=" ".join(told.person.split()), details=told.details.strip())
    if known := _known(actor, school, once, told):
        return known
    _check(profile, told)
    excepted = allows_contact(profile, told.about, told.relation)
    named = named_at(school, actor, told.person) if told.about == About.PARENT else []
    road = declaration_road(
        profile, school, actor, not_allowed=not_allowed(told.about, told.contact, excepted), named=named
    )
    try:
        with audited():
            row = Declaration.objects.create(
                once=once,
                school=school,
                by=actor,
                about=told.about,
                relation=told.relation,
                contact=told.contact,
                excepted=excepted,
                eighteen_on=told.eighteen_on,
            )
            row.names.set(named)
            DeclarationText.objects.create(declaration=row, person=told.person, details=told.details)
            DeclarationHearer.objects.bulk_create(
                [DeclarationHearer(declaration=row, **one) for one in rows_of(road)]
            )
            record("policies.declaration_made", actor=actor, school=school, subject=row)
            notify(
                "policies.declaration_made",
                recipients=hearers_of(row),
                about=row,
                key=str(row.pk),
                link=url_of(row),
            )
    except IntegrityError as error:
        if known := _known(actor, school, once, told):
            return known
        raise Refused("This page cannot be sent. Open it afresh and send it again.") from error
    return row


def declaration_note(*, actor: User, declaration: Declaration, advice: str = "") -> Declaration:
    """Note a declaration as one who hears it, with or without advice, and tell the declarer.

    What ended before anybody noted it is noted all the same, and stays ended. Raises PermissionDenied, Refused.
    """
    declaration_rules.require(actor, "hear", declaration)
    advice = advice.strip()
    did = State.ADVISED if advice else State.NOTED
    if len(advice) > MOST_NOTE:
        raise Refused(f"Shorten the advice to {MOST_NOTE} characters.", field="advice")
    with audited():
        row = locked(declaration)
        last = row.steps.filter(did__in=HEARD).select_related("words").order_by("pk").last()
        if last and (last.by_id, last.did, said_in(last)) == (actor.pk, did, advice):
            return row
        if row.text.erased_at:
            raise Stale("Its time is over, and its words were erased. There is nothing more to do.")
        if row.state == State.ENDED and last:
            raise Stale("This has ended, and it was noted before. There is nothing more to do.")
        if did == State.NOTED and last:
            raise Stale("Somebody has noted it already. You may add advice.")
        step = step_write(row, did, actor, advice)
        if row.state != State.ENDED:
            row.state = did
            row.save(update_fields=["state"])
        record("policies.declaration_noted", actor=actor, school=row.school, subject=row)
        notify(
            "policies.declaration_noted",
            recipients=[row.by],
            about=row,
            key=f"{row.pk}:{step.pk}",
            link=url_of(row),
        )
    return row


def declaration_end(*, actor: User, declaration: Declaration, note: str = "") -> Declaration:
    """The declarer says that it is no longer so. Those who heard of it are told. Raises PermissionDenied, Refused."""
    declaration_rules.require(actor, "end", declaration)
    note = note.strip()
    if len(note) > MOST_NOTE:
        raise Refused(f"Shorten this to {MOST_NOTE} characters.", field="note")
    with audited():
        row = locked(declaration)
        if row.state == State.ENDED:
            if row.steps.filter(did=State.ENDED, by=actor).exists():
                return row
            raise Stale("This has ended already.")
        end_write(row, actor, note)
        record("policies.declaration_ended", actor=actor, school=row.school, subject=row)
        notify(
            "policies.declaration_ended",
            recipients=hearers_of(row),
            about=row,
            key=str(row.pk),
            link=url_of(row),
        )
    return row


def birthdays_close(limit: int = 200) -> int:
    """End what was declared of former pupils the day after they turn 18, and tell the declarer (BEC-4.08).

    Days are those of London. Costs what is due; safe to run twice.
    """
    due = Declaration.objects.filter(state__in=OPEN, eighteen_on__lt=timezone.localdate())
    return sweep_due("declaration", due, _close_one, by="eighteen_on", limit=limit)


def _close_one(pk: int) -> bool:
    with audited():
        row = locked(Declaration(pk=pk))
        if row.state == State.ENDED or row.eighteen_on is None or row.eighteen_on >= timezone.localdate():
            return False
        end_write(row, None)
        record("policies.declaration_came_of_age", school=row.school, subject=row)
        notify("policies.declaration_over", recipients=[row.by], about=row, key=str(row.pk), link=url_of(row))
    return True


def step_write(row: Declaration, did: str, by: User | None, words: str = "") -> DeclarationStep:
    """Add a step to a locked declaration, and its words in a row of their own."""
    step = DeclarationStep.objects.create(declaration=row, did=did, by=by)
    if words:
        DeclarationNote.objects.create(step=step, text=words)
    return step


def end_write(row: Declaration, by: User | None, words: str = "") -> None:
    """End a locked declaration; by nobody where a birthday, or the declarer's leaving long ago, ended it."""
    row.state, row.ended_at = State.ENDED, timezone.now()
    row.save(update_fields=["state", "ended_at"])
    step_write(row, State.ENDED, by, words)


def said_in(step: DeclarationStep | DepartureStep) -> str:
    """The words of a step, empty where there are none or they were erased."""
    return step.words.text if hasattr(step, "words") else ""


def _check(profile: Profile, told: Told) -> None:
    """Whether it can be declared. Raises Refused with the field at fault."""
    today = timezone.localdate()
    if told.about not in dict(abouts(profile)):
        raise Refused("Choose about whom it is.", field="about")
    if told.relation not in dict(relations(profile)):
        raise Refused("Choose how you are linked.", field="relation")
    if told.relation == Relation.FORMER_PUPIL and told.about != About.FORMER:
        raise Refused("Choose “A former pupil under 18” above, or another link here.", field="relation")
    if not told.person:
        raise Refused("Enter the name.", field="person")
    if len(told.person) > MOST_PERSON:
        raise Refused(f"Shorten the name to {MOST_PERSON} characters.", field="person")
    if len(told.details) > MOST_DETAILS:
        raise Refused(f"Shorten the details to {MOST_DETAILS} characters.", field="details")
    if told.eighteen_on is None:
        return
    if told.about != About.FORMER:
        raise Refused("The birthday is asked for a former pupil only.", field="eighteen_on")
    if told.eighteen_on <= today:
        raise Refused("Whoever is 18 already need not be declared.", field="eighteen_on")
    if told.eighteen_on > today + CHILDHOOD:
        raise Refused("Check the day: it is more than 18 years away.", field="eighteen_on")


def _known(actor: User, school: School, once: UUID, told: Told) -> Declaration | None:
    """What this page made when it was sent before. Raises Refused where it said something else then."""
    row = Declaration.objects.filter(once=once, by=actor, school=school).select_related("text").first()
    if row is None:
        return None
    if row.shut_at:
        raise Refused(SENT_LONG_AGO)
    before = Told(row.about, row.relation, row.text.person, row.contact, row.text.details, row.eighteen_on)
    if before != told:
        raise Refused(SENT_BEFORE)
    return row


def locked(row: Declaration) -> Declaration:
    """The row, locked until the transaction ends."""
    return (
        Declaration.objects.select_for_update(of=("self",), no_key=True)
        .select_related("school", "by")
        .get(pk=row.pk)
    )
