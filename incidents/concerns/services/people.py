"""Whom a case concerns: people added later, mistakes taken back, and recipients who stand back.

Whoever turns out to be concerned loses sight of it in the same transaction (subtle 57).
"""

from django.utils import timezone

from consent.access import pupil_rules
from consent.models import Pupil
from consent.services.mentions import mention_add
from core.audit import audited, record
from core.errors import Refused
from incidents.concerns.access import concern_rules
from incidents.concerns.meant import meant_people
from incidents.concerns.roads import concern_road
from incidents.concerns.selectors import on_the_road, people_of_sort, readers_of, without
from incidents.concerns.services.chronology import entry_write, locked
from incidents.concerns.services.deadlines import deadlines_set
from incidents.concerns.services.sending import (
    KEPT_OUT,
    duty_let_in,
    facts_of,
    shut_out,
    steps_add,
    tell,
)
from incidents.concerns.told import MOST_PEOPLE, Somebody
from incidents.models import (
    About,
    Action,
    Concern,
    ConcernStep,
    EntryKind,
    Excluded,
    Part,
    PartIn,
    Sort,
    Status,
)
from incidents.roads import CHAIR, ELT, RoadNotChosen
from incidents.selectors import namesakes
from incidents.services.reports import refuse_address
from people.models import User
from people.selectors import holders, people_at, profile_of

MOST_IN_A_CASE = 5 * MOST_PEOPLE
LAST_ONES = (CHAIR, ELT)
"""Who hears when nobody is left (design 2)."""


def part_add(*, actor: User, concern: Concern, somebody: Somebody, pupil: Pupil | None = None) -> Part:
    """Add a person with their part in this case. Raises PermissionDenied, or Refused.

    A colleague whom it concerns loses sight of it at once; whoever must hear of it in their place is told.
    """
    concern_rules.require(actor, "handle", concern)
    words = " ".join(somebody.words.split())[:150]
    if somebody.part not in PartIn.values or somebody.sort not in Sort.values:
        raise Refused("Choose who it is.", field="sort")
    if somebody.sort == Sort.STAFF and (
        somebody.user is None or not people_at(concern.school).filter(pk=somebody.user.pk).exists()
    ):
        raise Refused("Choose the member of staff.", field="person")
    if somebody.sort not in (Sort.STAFF, Sort.HEAD) and pupil is None and not words:
        raise Refused("Enter a name or a description.", field="words")
    if pupil is not None:
        pupil_rules.require(actor, "view", pupil)
        if pupil.school_id != concern.school_id:
            raise Refused("Choose a pupil of the school that the case is of.", field="pupil")
    behind = people_of_sort(concern.school, somebody.sort, somebody.user)
    if somebody.part in KEPT_OUT and actor.pk in {user.pk for user in behind}:
        raise Refused("If it concerns you, stand back from the case instead.", field="person")
    if somebody.part in KEPT_OUT and actor in namesakes(concern.school, words):
        raise Refused("If it concerns you, stand back from the case instead.", field="words")
    with audited():
        row = locked(concern)
        if row.image:
            refuse_address(words, "words")
        _refuse_twice(row, somebody, words, behind, pupil)
        if row.parts.count() >= MOST_IN_A_CASE:
            raise Refused("There are too many people in this case already. Link a second case to it.")
        parts = [
            Part.objects.create(
                concern=row,
                part=somebody.part,
                sort=somebody.sort,
                user=user,
                pupil=pupil,
                words=words,
                added_by=actor,
            )
            for user in (behind or [None])
        ]
        if somebody.part in KEPT_OUT:
            for user in behind:
                keep_out(row, user, Excluded.Because.PART, by=actor)
            for user in without(meant_people(row.school, somebody.sort, words), actor):
                keep_out(row, user, Excluded.Because.WORDS, by=actor)
        entry_write(row, EntryKind.PERSON, by=actor, data={"part": str(parts[0].uuid)})
        if pupil is not None:
            mention_add(actor=actor, row=row, pupil=pupil)
        road_renew(row, actor)
        record("incidents.concern_person_added", actor=actor, school=row.school, subject=row)
    return parts[0]


def _refuse_twice(
    concern: Concern, somebody: Somebody, words: str, behind: list[User], pupil: Pupil | None
) -> None:
    """The same person with the same part is there already: one click too many. Raises Refused."""
    same = concern.parts.filter(part=somebody.part, sort=somebody.sort, words=words, mistaken_at=None)
    if same.filter(user__in=behind).exists() if behind else same.filter(user=None, pupil=pupil).exists():
        raise Refused("This person has that part already. Open the case again to see it.")


def part_identify(*, actor: User, part: Part, pupil: Pupil) -> Part:
    """Say which pupil of the register a typed name is. Raises PermissionDenied, or Refused."""
    concern = part.concern
    concern_rules.require(actor, "handle", concern)
    pupil_rules.require(actor, "view", pupil)
    if pupil.school_id != concern.school_id or pupil.erased_at:
        raise Refused("Choose a pupil of the school that the case is of.", field="pupil")
    with audited():
        row = locked(concern)
        mine = Part.objects.select_for_update(of=("self",), no_key=True).get(pk=part.pk)
        if mine.user_id or mine.mistaken_at:
            raise Refused("This person cannot be a pupil of the register. Open the page again.")
        if mine.pupil_id:
            raise Refused("A pupil is linked already. If it is another, mark this as a mistake and add them.")
        mine.pupil, mine.sort = pupil, Sort.PUPIL
        mine.save(update_fields=["pupil", "sort"])
        entry_write(row, EntryKind.PERSON, by=actor, data={"part": str(mine.uuid)})
        mention_add(actor=actor, row=row, pupil=pupil)
        road_renew(row, actor)
        record("incidents.concern_person_added", actor=actor, school=row.school, subject=row)
    return mine


def part_mistaken(*, actor: User, part: Part, because: str) -> Part:
    """Somebody was added by mistake: the line stays, marked so. Raises PermissionDenied, or Refused."""
    lifts = part.user_id is not None and part.part in KEPT_OUT
    concern_rules.require(actor, "road" if lifts else "handle", part.concern)
    if not because.strip():
        raise Refused("Say why this person has no part in it.", field="because")
    with audited():
        row = locked(part.concern)
        mine = Part.objects.select_for_update(of=("self",), no_key=True).get(pk=part.pk)
        if mine.mistaken_at:
            raise Refused("This was marked already. Open the page again.")
        mine.mistaken_at, mine.mistaken_by = timezone.now(), actor
        mine.mistaken_because = because.strip()[:300]
        mine.save(update_fields=["mistaken_at", "mistaken_by", "mistaken_because"])
        still = row.parts.filter(user=mine.user, part__in=KEPT_OUT, mistaken_at=None).exists()
        if mine.user_id and not still:
            out = Excluded.objects.filter(concern=row, user=mine.user_id, because=Excluded.Because.PART)
            out.filter(lifted_at=None).update(
                lifted_at=timezone.now(), lifted_by=actor, lifted_because=mine.mistaken_because
            )
        _head_again(row)
        entry_write(row, EntryKind.MISTAKE, by=actor, text=because, data={"part": str(mine.uuid)})
        road_renew(row, actor)
        record("incidents.concern_person_mistaken", actor=actor, school=row.school, subject=row)
    return mine


def exclusion_lift(*, actor: User, concern: Concern, user: User, because: str) -> None:
    """A colleague only shares a name with somebody in the report: they may read it after all.

    Raises PermissionDenied, or Refused; for somebody with a part in it, or who stood back, it does not go.
    """
    concern_rules.require(actor, "road", concern)
    if not because.strip():
        raise Refused("Say why they are not meant.", field="because")
    with audited():
        row = locked(concern)
        changed = Excluded.objects.filter(
            concern=row, user=user, because=Excluded.Because.WORDS, lifted_at=None
        ).update(lifted_at=timezone.now(), lifted_by=actor, lifted_because=because.strip()[:300])
        if not changed:
            raise Refused("Nothing stands in their way, or it cannot be lifted. Open the page again.")
        _head_again(row)
        entry_write(row, EntryKind.MISTAKE, by=actor, text=because, data={"user": str(user.uuid)})
        road_renew(row, actor)
        record("incidents.concern_person_mistaken", actor=actor, school=row.school, subject=row)


def recuse(*, actor: User, concern: Concern, reason: str) -> None:
    """A recipient stands back; somebody else takes it, at once where nobody is left. Raises Refused."""
    concern_rules.require(actor, "view", concern)
    if not reason.strip():
        raise Refused("Say why you stand back.", field="reason")
    with audited():
        row = (
            Concern.objects.select_for_update(of=("self",), no_key=True)
            .select_related("school")
            .get(pk=concern.pk)
        )
        entry_write(row, EntryKind.RECUSED, by=actor, text=reason)
        keep_out(row, actor, Excluded.Because.RECUSED, by=actor, reason=reason)
        road_renew(row, None)
        record("incidents.concern_recused", actor=actor, school=row.school, subject=row)
        tell(row, "incidents.concern_changed", readers_of(row), key=f":recused:{actor.pk}")


def keep_out(
    concern: Concern, user: User, because: Excluded.Because, *, by: User | None, reason: str = ""
) -> None:
    """Close a case to somebody, and take from them what they had of it. Inside the transaction."""
    Excluded.objects.get_or_create(
        concern=concern,
        user=user,
        because=because,
        lifted_at=None,
        defaults={"by": by, "reason": reason.strip()[:300]},
    )
    shut_out(concern, user, by=by)
    if concern.owner_id == user.pk:
        concern.owner = None
        concern.save(update_fields=["owner"])
    Action.objects.filter(concern=concern, owner=user, done_at=None).update(owner=None)


def _head_again(concern: Concern) -> None:
    """Where nobody in it is the headteacher any more, the role may hear of it again."""
    if not concern.no_head:
        return
    concern.no_head = False
    named = concern.parts.filter(part=PartIn.SUBJECT, sort=Sort.HEAD, mistaken_at=None).exists()
    concern.no_head = named or About.HEAD in facts_of(concern).about()
    concern.save(update_fields=["no_head"])


def road_renew(concern: Concern, actor: User | None) -> list[str]:
    """Lay its road again from what is known now, and tell whoever is new on it. Steps are only added."""
    profile, facts = profile_of(concern.school), facts_of(concern)
    out = list(concern.excluded.filter(lifted_at=None).values_list("user", flat=True))

    def heard_by(spec: str) -> bool:
        return holders(concern.school, spec).exclude(pk__in=out).exists()

    before = {user.pk for user in on_the_road(concern)}
    if About.HEAD in facts.about() and not concern.no_head:
        concern.no_head = True
        concern.save(update_fields=["no_head"])
    try:
        specs = concern_road(profile, facts, heard_by)
    except RoadNotChosen:
        specs = []
    because = ConcernStep.Because.PERSON_ADDED if actor else ConcernStep.Because.NOBODY_LEFT
    fresh = steps_add(concern, specs, because)
    now = on_the_road(concern)
    if not now:
        return road_mend(concern)
    if facts.child and concern.status != Status.CLOSED:
        duty_let_in(concern)
    deadlines_set(concern, facts, profile)
    if fresh:
        entry_write(concern, EntryKind.WIDENED, by=None, data={"steps": fresh})
        told = [user for user in now if user.pk not in before]
        tell(concern, "incidents.concern", without(told, actor))
    return fresh


def road_mend(concern: Concern) -> list[str]:
    """Nobody is left on its road: the chair or the executive team hears of it. Inside the transaction."""
    from_road = [step.spec for step in concern.road.all()]
    out = list(concern.excluded.filter(lifted_at=None).values_list("user", flat=True))
    for spec in LAST_ONES:
        if spec not in from_road and holders(concern.school, spec).exclude(pk__in=out).exists():
            steps_add(concern, [spec], ConcernStep.Because.NOBODY_LEFT)
            entry_write(concern, EntryKind.WIDENED, by=None, data={"steps": [spec]})
            _has_road(concern, True)
            record("incidents.concern_widened", school=concern.school, subject=concern)
            tell(concern, "incidents.concern", readers_of(concern))
            return [spec]
    _has_road(concern, bool(on_the_road(concern)))
    return []


def _has_road(concern: Concern, value: bool) -> None:
    if concern.has_road != value:
        concern.has_road = value
        concern.save(update_fields=["has_road"])
