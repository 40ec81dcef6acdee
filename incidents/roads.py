"""The road of an incident: to which roles it goes. Pure functions; the people are asked in `services`.

The floor that no setting lowers: what is about a pupil reaches the DSL, and nobody hears what is about
themselves (design 2; subtle 57-60).
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

from core.roles import Post, Role
from incidents.models import About
from people.governance.profile import Profile

CHAIR = f"{Role.GOVERNANCE}/{Post.CHAIR}"
ELT = f"{Role.SENIOR_LEADER}/{Post.ELT}"
KEEPERS = (Role.HEADTEACHER, Role.DSL, Role.IT, Role.SENIOR_LEADER)
"""Who records attempts to get round the firewall, and reads those of pupils."""


class RoadNotChosen(Exception):
    """A setting that this road needs is not chosen. `key` names it."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


@dataclass(frozen=True)
class Step:
    """One role of a road: reads the whole, fills in the technician's part, decides on a ban."""

    spec: str
    reads: bool = True
    blocks: bool = False
    decides: bool = False


def _chosen(profile: Profile, *keys: str) -> list[str]:
    """The roles of the first of these settings that is chosen. Raises RoadNotChosen."""
    for key in keys:
        if value := profile.value(key):
            return [str(spec) for spec in value]
    raise RoadNotChosen(keys[-1])


def staff_road(profile: Profile, *, central: bool) -> list[str]:
    """Who hears about a member of staff (CIT-8.03, STM-8.03)."""
    keys = ("staff_concern_recipient_central",) if central else ()
    return _chosen(profile, *keys, "staff_concern_recipient")


def head_road(profile: Profile) -> list[str]:
    """Who hears about the headteacher, and never the headteacher (CIT-8.05, STM-8.05)."""
    return [spec for spec in _chosen(profile, "head_concern_recipient") if spec != Role.HEADTEACHER]


def person_road(profile: Profile, about: Collection[About], *, central: bool) -> list[str]:
    """Who hears about the people whom it names; several roads where it names several."""
    specs: list[str] = []
    if About.HEAD in about:
        specs += head_road(profile)
    if About.STAFF in about:
        specs += staff_road(profile, central=central)
    if About.PUPIL in about:
        specs += [str(Role.DSL), *(str(spec) for spec in profile.pupil_concern_also_to or [])]
    return specs


def content_road(profile: Profile, about: Collection[About], *, central: bool) -> list[Step]:
    """The road of a report of inappropriate content (STM-9.05, STM-14.02, CIT-9.04).

    Where no pupil or colleague is known, whoever blocks sites gets the whole of it; else the addresses
    only, when a recipient hands them over.
    """
    specs = person_road(profile, about, central=central)
    if specs or About.HEAD in about:
        return [Step(spec) for spec in _once(specs)]
    blocking = _chosen(profile, "content_report_recipient")
    return [Step(spec, blocks=spec in blocking) for spec in _once([*blocking, str(Role.DSL)])]


def image_road(profile: Profile, about: Collection[About], *, central: bool) -> list[Step]:
    """The road of a possible indecent image of a child: the DSL, and the road of the person.

    It is open whatever the school has not chosen yet. Technicians are left out, for there is nothing that
    they may look for (CBC-10.07).
    """
    specs = [str(Role.DSL)]
    for one in sorted(about):
        try:
            if one in (About.UNKNOWN, About.OTHER):
                specs += _chosen(profile, "content_report_recipient")
            else:
                specs += person_road(profile, [one], central=central)
        except RoadNotChosen:
            continue
    return [Step(spec) for spec in _once(specs) if spec.partition("/")[0] != Role.IT]


def bypass_road(profile: Profile, about: Collection[About], *, central: bool) -> list[Step]:
    """The road of an attempt to get round the firewall (STM-9.04, BEC-4.27).

    The headteacher decides on a ban wherever the road leads past them, else its recipients do.
    """
    staff = [one for one in about if one in (About.HEAD, About.STAFF)]
    specs = person_road(profile, staff, central=central) if staff else [str(role) for role in KEEPERS]
    if staff and About.PUPIL in about:
        specs.append(str(Role.DSL))
    by_head = str(Role.HEADTEACHER) in specs and About.HEAD not in about
    return [Step(spec, decides=spec == Role.HEADTEACHER or not by_head) for spec in _once(specs)]


def each_alone(
    profile: Profile, about: Collection[About], central: bool, heard_by: Callable[[str], bool]
) -> list[Step]:
    """The settled road of each sort of person by itself, put together.

    A road that leads to nobody must not hide behind another that does: what is about a pupil and about the
    headteacher goes to the chair for the headteacher, though the DSL hears already. A road that is not
    chosen counts as leading to nobody; where that closes a report, `content_road` has said so before.
    """
    found: list[Step] = []
    for one in sorted(set(about) & {About.HEAD, About.STAFF, About.PUPIL}):
        try:
            specs = person_road(profile, [one], central=central)
        except RoadNotChosen:
            specs = []
        found += settled([Step(spec) for spec in specs if spec.partition("/")[0] != Role.IT], heard_by)
    return found


def settled(road: list[Step], heard_by: Callable[[str], bool]) -> list[Step]:
    """The road, or where nobody is left on it the next one: the chair, the executive team, nobody (design 2).

    `heard_by` answers whether somebody who is not named meets a role spec.
    """
    if any(heard_by(step.spec) for step in road if step.reads):
        return _with_decider(road, heard_by)
    for spec in (CHAIR, ELT):
        if heard_by(spec):
            return [Step(spec, decides=any(step.decides for step in road))]
    return []


def _with_decider(road: list[Step], heard_by: Callable[[str], bool]) -> list[Step]:
    """The road; where nobody is left who decides on a ban, the chair or the executive team decides."""
    deciding = [step for step in road if step.decides]
    if not deciding or any(heard_by(step.spec) for step in deciding):
        return road
    for spec in (CHAIR, ELT):
        if heard_by(spec):
            return [*(step for step in road if step.spec != spec), Step(spec, decides=True)]
    return road


def _once(specs: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(specs))
