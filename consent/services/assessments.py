"""The eighteenth birthday: assessing whether a pupil understands, then asking the pupil (CIT-7.05 to 7.07)."""

from datetime import date, timedelta

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from consent.access import BY_PROFILE, WHOLE, pupil_rules
from consent.ages import born_by, eighteenth
from consent.asking import asked_about, latest_competent, own_answers
from consent.models import Assessment, AssessmentWords, Pupil
from consent.selectors import here
from consent.services.links import address_of, can_answer, link_for
from consent.services.positions import positions_work_out
from consent.terms import Terms, terms_of
from core.audit import audited, record
from core.errors import Refused
from core.models import Notice
from core.notices import notify_outside
from core.tables import date_text
from people.governance.profile import Profile
from people.models import School, User
from people.selectors import holders_of_any, profile_of

BEFORE = timedelta(days=90)
"""How long before the birthday a pupil may be assessed."""
ASKED_AT_18 = "consent.asked_at_18"


def assessable(school: School, day: date) -> QuerySet[Pupil]:
    """Pupils at the school who are 18, or will be within 90 days, with what was found of them."""
    rows = Pupil.objects.filter(here(day), school=school, born__lte=born_by(day + BEFORE))
    return rows.annotate(competent=latest_competent())


def assessment_record(
    *, actor: User, pupil: Pupil, competent: bool, assessed_on: date, words: str
) -> Assessment:
    """Record whether a pupil understands what they consent to. A later assessment replaces this one.

    `assessed_on` is a day in London, from 90 days before the eighteenth birthday until today; `words` say on
    what it rests. The same assessment sent twice is one. From the birthday on, a pupil who understands is
    asked for their own answer. Raises PermissionDenied and Refused.
    """
    pupil_rules.require(actor, "assess", pupil)
    words = words.strip()
    with audited():
        row = Pupil.objects.select_for_update(of=("self",)).select_related("school").get(pk=pupil.pk)
        terms = terms_of(profile_of(row.school))
        day = timezone.localdate()
        _check(row, terms, assessed_on, words, day)
        last = Assessment.objects.filter(pupil=row).select_related("words").first()
        if last is not None and _same(last, actor, competent, assessed_on, words):
            return last
        found = Assessment.objects.create(pupil=row, competent=competent, assessed_on=assessed_on, by=actor)
        AssessmentWords.objects.create(assessment=found, text=words)
        positions_work_out([row.pk], terms, day)
        record(
            "consent.pupil_assessed",
            actor=actor,
            school=row.school,
            subject=row,
            data={"assessment": str(found.uuid)},
        )
        if competent and eighteenth(row.born) <= day:
            own_answer_ask(row)
    return found


def _check(pupil: Pupil, terms: Terms, assessed_on: date, words: str, day: date) -> None:
    if not terms.at_18:
        raise Refused("Your school's settings do not ask for consent afresh when a pupil turns 18.")
    if pupil.erased_at or pupil.has_left(day):
        raise Refused("This pupil has left the school.")
    if pupil.born is None:
        raise Refused("The date of birth of this pupil is not recorded. Ask the office to record it first.")
    earliest = eighteenth(pupil.born) - BEFORE
    if day < earliest:
        raise Refused(f"It is too early: assess this pupil from {date_text(earliest)} on.")
    if assessed_on > day:
        raise Refused("Enter a day that is not in the future.", field="assessed_on")
    if assessed_on < earliest:
        raise Refused(
            f"Enter {date_text(earliest)} or a later day: an earlier assessment says too little.",
            field="assessed_on",
        )
    if not words:
        raise Refused("Say on what the assessment rests.", field="words")


def _same(last: Assessment, actor: User, competent: bool, assessed_on: date, words: str) -> bool:
    told = getattr(last, "words", None)
    was = (last.by_id, last.competent, last.assessed_on, told.text if told else "")
    return was == (actor.pk, competent, assessed_on, words)


def own_answer_missing(school: School, profile: Profile, day: date) -> QuerySet[Pupil]:
    """Pupils of 18 who understand and have not answered for themselves (CIT-7.06)."""
    if not terms_of(profile).at_18:
        return Pupil.objects.none()
    own = own_answers().filter(pupil=OuterRef("pk"))
    rows = assessable(school, day).filter(born__lte=born_by(day), competent=True)
    return rows.exclude(Exists(own))


def own_answer_ask(pupil: Pupil) -> bool:
    """Write to a pupil of 18 for their own answer, once for each address. Inside an `audited()` block.

    Returns False where there is no address, nothing to answer, or they were asked already.
    """
    profile = profile_of(pupil.school)
    if not pupil.email or not asked_about(pupil.school, profile, terms_of(profile)):
        return False
    if not can_answer(pupil=pupil):
        return False
    link = link_for(pupil=pupil)
    key, address = own_key(pupil.pk), address_of(link)
    if Notice.objects.filter(kind=ASKED_AT_18, key=key, address=address).exists():
        return False
    notify_outside(ASKED_AT_18, address=address, about=link, key=key)
    record("consent.pupil_asked", school=pupil.school, subject=pupil)
    return True


def own_key(pupil_pk: int) -> str:
    """What makes the mail at 18 one mail."""
    return f"eighteen:{pupil_pk}"


def assessors_of(school: School, profile: Profile) -> QuerySet[User]:
    """Who assesses at a school: the roles of the access table, and whom the profile names."""
    named = [str(spec) for key in BY_PROFILE["assess"] for spec in profile.value(key) or ()]
    return holders_of_any(school, [*WHOLE, *named])
