"""The road of a concern: to which roles it goes. Pure functions; the people are asked in the services.

The floor that no setting lowers: what is about a child reaches the DSL, and nobody hears what concerns
themselves (design 2; subtle 57-61).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from core.roles import Post, Role
from incidents.models import About, Category, PartIn, Sort
from incidents.roads import CHAIR, ELT, RoadNotChosen, Step, each_alone, head_road, settled, staff_road
from people.governance.profile import Profile

CHILD = frozenset(
    (
        Category.EXPLOITATION,
        Category.IMAGERY,
        Category.RADICALISATION,
        Category.UNDER_AGE,
        Category.CONTACT_ATTEMPT,
        Category.STAFF_CONTACT,
        Category.MISUSE_PUPIL,
    )
)
"""What is always about a child, whoever is named."""
MISUSE = frozenset(
    (
        Category.MISUSE_STAFF,
        Category.MISUSE_PUPIL,
        Category.MISUSE_PARENT,
        Category.DEFAMATION,
        Category.REPUTATION,
        Category.OWN_MISTAKE,
    )
)
"""What the policies call misuse, and whoever is told of it hears (CIT-2.27, 2.30, RAV-5.08, STM-2.25)."""
BULLYING = frozenset((Category.CYBERBULLYING, Category.HARASSMENT))
ABOUT_NOBODY = frozenset((Category.POLICY_COMPLAINT, Category.DATA_COMPLAINT, Category.DATA_BREACH))
"""What may name nobody at all, and goes to its own people."""
SORTS = {Sort.PUPIL: About.PUPIL, Sort.STAFF: About.STAFF, Sort.HEAD: About.HEAD}


DEPUTY_DSL = f"{Role.DSL}/{Post.DEPUTY}"


@dataclass(frozen=True)
class Facts:
    """What decides the road: the category, and which sort of person has which part."""

    category: Category
    parts: frozenset[tuple[PartIn, Sort]] = field(default_factory=frozenset)
    in_hours: bool = False
    central: bool = False

    def about(self) -> set[About]:
        """Whose doing it is said to be, as the roads of persons know it; a child with any part counts."""
        found = {SORTS[sort] for part, sort in self.parts if part == PartIn.SUBJECT and sort in SORTS}
        if self.child:
            found.add(About.PUPIL)
        return found

    @property
    def child(self) -> bool:
        """Whether a child is concerned, with any part in it."""
        return self.category in CHILD or any(sort == Sort.PUPIL for _, sort in self.parts)

    @property
    def adult_harmed(self) -> bool:
        """Whether it is an adult who is harmed."""
        return any(part == PartIn.VICTIM and sort in (Sort.STAFF, Sort.HEAD) for part, sort in self.parts)


def concern_road(profile: Profile, facts: Facts, heard_by: Callable[[str], bool]) -> list[str]:
    """The role specs to which a concern goes, so that somebody hears who is not concerned by it.

    `heard_by` answers whether somebody who is not excluded meets a spec. Raises RoadNotChosen where a
    setting that the road needs is open and no child is concerned: what is about a child goes to the DSL in
    any case, and the chair stands in for what is not chosen.
    """
    about = facts.about()
    specs: list[str] = []
    for ask in _asked(profile, facts, about):
        try:
            specs += ask()
        except RoadNotChosen:
            if not facts.child:
                raise
    if not specs:
        specs = [str(Role.DSL)]
    if facts.child and not heard_by(str(Role.DSL)) and heard_by(DEPUTY_DSL):
        specs.append(DEPUTY_DSL)

    def heard(spec: str) -> bool:
        return heard_by(spec) or (spec == Role.DSL and heard_by(DEPUTY_DSL))

    together = settled([Step(spec) for spec in dict.fromkeys(specs)], heard)
    alone = each_alone(profile, about, facts.central, heard)
    road = dict.fromkeys(step.spec for step in (*together, *alone))
    if facts.child:
        road.setdefault(str(Role.DSL))  # whoever is the DSL later hears of it too, but for whom it concerns
    if About.HEAD in about:
        # Not the role either, or the next to hold it would read what is about the one before.
        road.pop(str(Role.HEADTEACHER), None)
    return list(road)


def _asked(profile: Profile, facts: Facts, about: set[About]) -> Iterable[Callable[[], list[str]]]:
    """Each part of the road; one that the school has not chosen must not close another."""
    if facts.child:
        yield lambda: [str(Role.DSL), *_specs(profile, "pupil_concern_also_to")]
    if About.HEAD in about:
        yield lambda: head_road(profile)
    if About.STAFF in about:
        yield lambda: staff_road(profile, central=facts.central)
    if facts.category in MISUSE:
        yield lambda: misuse_road(profile, in_hours=facts.in_hours, central=facts.central)
    if facts.category in BULLYING and facts.adult_harmed:
        yield lambda: _specs(profile, "bullying_recipient")
    if facts.category == Category.CONTACT_ATTEMPT:
        yield lambda: _specs(profile, "contact_attempt_recipients")
    if facts.category == Category.DATA_BREACH:
        yield lambda: [str(Role.DPO), ELT if facts.central else str(Role.HEADTEACHER)]
    if facts.category == Category.DATA_COMPLAINT:
        yield lambda: [str(Role.DPO)]
    if facts.category == Category.POLICY_COMPLAINT:
        yield lambda: [ELT if facts.central else str(Role.HEADTEACHER), CHAIR]
    bullied = facts.category in BULLYING and facts.adult_harmed
    if not (facts.child or about or bullied) and facts.category not in MISUSE | ABOUT_NOBODY:
        # Nobody is known to have done it: the DSL looks at it, and whoever hears of misuse.
        yield lambda: [str(Role.DSL)]
        if facts.category != Category.OTHER:
            yield lambda: misuse_road(profile, in_hours=False, central=facts.central)


def misuse_road(profile: Profile, *, in_hours: bool, central: bool) -> list[str]:
    """Who is told of misuse: in the working day perhaps somebody else (BEC-4.18), in the trust's own team another."""
    keys = [
        *(["misuse_in_hours_recipient"] if in_hours else []),
        *(["misuse_recipient_central"] if central else []),
        "misuse_recipient",
    ]
    for key in keys:
        if found := _specs(profile, key):
            return found
    raise RoadNotChosen("misuse_recipient")


def next_after(specs: Iterable[str], *, child: bool) -> list[str]:
    """Who hears when nobody has read it: the deputies of its road, then chair and executive team, in this order."""
    before = list(specs)
    deputies = [f"{spec}/{Post.DEPUTY}" for spec in before if "/" not in spec]
    if child:
        deputies += [str(Role.DSL), f"{Role.DSL}/{Post.DEPUTY}"]
    return [spec for spec in dict.fromkeys((*deputies, CHAIR, ELT)) if spec not in before]


def _specs(profile: Profile, key: str) -> list[str]:
    return [str(spec) for spec in profile.value(key) or []]
