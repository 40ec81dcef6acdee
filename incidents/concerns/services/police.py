"""The police: who may call them, the wish of an adult who is harmed, and a pupil who is spared a record."""

from dataclasses import dataclass

from core.access import standing_of
from core.audit import audited, record
from core.errors import Refused
from core.roles import spec_matches
from incidents.concerns.access import concern_rules
from incidents.concerns.holds import SPARED
from incidents.concerns.meant import meant_people
from incidents.concerns.roads import BULLYING
from incidents.concerns.selectors import excluded_from
from incidents.concerns.services.chronology import entry_write, locked
from incidents.concerns.services.deadlines import duty_done
from incidents.models import ActionKind, Concern, Entry, EntryKind, Part, PartIn, Sort
from incidents.roads import CHAIR, ELT
from people.governance.profile import Profile
from people.governance.who import joined
from people.models import User
from people.selectors import memberships_at, profile_of

ADULTS = (Sort.STAFF, Sort.HEAD, Sort.PARENT, Sort.OTHER)
"""Sorts of people who are grown up: they decide themselves whether bullying of them goes to the police."""


@dataclass(frozen=True)
class Callers:
    """Who calls the police in this case: the people, and what the school calls them."""

    people: tuple[User, ...]
    titles: tuple[str, ...]

    @property
    def words(self) -> str:
        """The titles in a sentence."""
        return joined([f"the {title}" for title in self.titles], "or") or "nobody: call them yourself"

    def __contains__(self, user: object) -> bool:
        return user in self.people


def police_callers(concern: Concern, profile: Profile) -> Callers:
    """Whom the profile names, without those whom it concerns; where nobody is left, the chair or the executive team.

    A policy names the headteacher (STM-8.08), or the headteacher or the executive team (CIT-8.08).
    """
    out = set(excluded_from(concern))
    rows = memberships_at(concern.school).filter(user__is_active=True).select_related("user")
    held = [(row.role, row.post, row.user) for row in rows if row.user_id not in out]
    named = _holding(held, [str(spec) for spec in profile.police_role or []], profile)
    for specs in ([CHAIR], [ELT]):
        if not named.people:
            named = _holding(held, specs, profile)
    return named


def _holding(held: list[tuple[str, str, User]], specs: list[str], profile: Profile) -> Callers:
    people: dict[int, User] = {}
    titles = []
    for spec in specs:
        found = [user for role, post, user in held if spec_matches(spec, role, post)]
        people |= {user.pk: user for user in found}
        if found:
            role, _, post = spec.partition("/")
            titles.append(profile.title_of(role, post))
    return Callers(tuple(people.values()), tuple(dict.fromkeys(titles)))


def check_caller(
    concern: Concern, profile: Profile, *, caller: User | None, typed: str, emergency: bool
) -> None:
    """Whether this person may have called. Raises Refused with who does it at the school.

    In an emergency, or about a possible indecent image (CBC-10.06), anybody calls but whose doing it is said
    to be. Whoever is harmed may always call.
    """
    named = [caller] if caller is not None else meant_people(concern.school, "", typed)
    if not named:
        return
    parts = concern.parts.filter(mistaken_at=None, user__in=named).values_list("part", "user")
    subjects = {user for part, user in parts if part == PartIn.SUBJECT}
    victims = {user for part, user in parts if part == PartIn.VICTIM}
    anybody = emergency or concern.image
    callers = police_callers(concern, profile)
    for user in named:
        may = user in callers or user.pk in victims or anybody
        if may and user.pk not in subjects:
            return
    raise Refused(
        f"At your school the police are called by {callers.words}. Ask them to call. "
        "In an emergency anybody calls 999: say then that it was one.",
        field="who",
    )


def needs_wish(concern: Concern, profile: Profile) -> bool:
    """Whether the police are told only if the person who is bullied wishes it (CBC-11.07), and they do not yet.

    One who wishes it does not speak for another who does not. It is for an adult to decide. An indecent image goes to the police in any case (CBC-10.06).
    """
    if profile.bullying_police_rule != "victim" or concern.category not in BULLYING or concern.image:
        return False
    victims = list(concern.parts.filter(part=PartIn.VICTIM, mistaken_at=None))
    if not victims or any(row.sort not in ADULTS for row in victims):
        return False
    wishes = {row.wants_police for row in victims}
    return True not in wishes or False in wishes


def refused_wish(concern: Concern) -> bool:
    """Whether somebody who is harmed has said that the police are not to be told."""
    return concern.parts.filter(part=PartIn.VICTIM, mistaken_at=None, wants_police=False).exists()


def wish_record(*, actor: User, part: Part, wants_police: bool | None, words: str) -> Entry:
    """Keep what an adult who is harmed wishes about the police (CBC-11.07). None: they have not decided.

    Raises PermissionDenied, or Refused.
    """
    concern = part.concern
    concern_rules.require(actor, "handle", concern)
    if part.part != PartIn.VICTIM or part.sort not in ADULTS:
        raise Refused("Only an adult who is harmed decides this. For a child the school does.")
    with audited():
        row = locked(concern)
        mine = Part.objects.select_for_update(of=("self",), no_key=True).get(pk=part.pk)
        if mine.mistaken_at:
            raise Refused("This person was added by mistake. Open the page again.")
        data = {"part": str(mine.uuid), "wants_police": wants_police}
        refuse_twice(row, EntryKind.WISH, data, words)
        mine.wants_police = wants_police
        mine.save(update_fields=["wants_police"])
        entry = entry_write(row, EntryKind.WISH, by=actor, text=words, data=data)
        record("incidents.concern_wish", actor=actor, school=row.school, subject=row)
    return entry


def not_criminalise(*, actor: User, concern: Concern, reasons: str) -> Entry:
    """Decide that a pupil who acted by mistake or curiosity is not reported as a criminal (STM-8.09, STM-8.10).

    Its words are for the road alone (`dsl_only`). Raises PermissionDenied, or Refused.
    """
    concern_rules.require(actor, "handle", concern)
    profile = profile_of(concern.school)
    who = [str(spec) for spec in profile.police_discretion or []]
    if not who:
        raise Refused("At your school nobody may decide this. Ask the police what they advise.")
    if concern.school_id not in standing_of(actor).schools(who):
        titles = joined([profile.title_of(*spec.split("/")) for spec in who], "or")
        raise Refused(f"At your school this is decided by the {titles} alone.")
    if concern.image and profile.indecent_image_pupil_route == "police_always":
        raise Refused("At your school the police are always called about such a picture.")
    if not reasons.strip():
        raise Refused("Say why this response is right for the pupil.", field="reasons")
    with audited():
        row = locked(concern)
        subjects = row.parts.filter(part=PartIn.SUBJECT, sort=Sort.PUPIL, mistaken_at=None)
        if not subjects.exists():
            raise Refused("This is for a pupil whose doing it is said to be. Add the pupil first.")
        data = {"decision": SPARED, "dsl_only": True}
        refuse_twice(row, EntryKind.DECISION, data, reasons)
        entry = entry_write(row, EntryKind.DECISION, by=actor, text=reasons, data=data)
        duty_done(row, ActionKind.POLICE, actor)
        record("incidents.concern_decided", actor=actor, school=row.school, subject=row)
    return entry


def refuse_twice(concern: Concern, kind: EntryKind, data: dict, text: str) -> None:
    """The last line of this kind says the very same: somebody pressed the button twice. Raises Refused."""
    last = concern.entries.filter(kind=kind).select_related("body").order_by("-at", "-pk").first()
    said = getattr(getattr(last, "body", None), "text", "")
    if last is not None and last.data == data and said == text.strip():
        raise Refused("This is recorded already.")
