"""What all incidents share when they come in: whom they name, their road, their first notices."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django.db import IntegrityError
from django.db.models import CharField, Exists, ExpressionWrapper, F, OuterRef, Q
from django.urls import reverse

from core.audit import audited, record
from core.errors import Refused
from core.notices import notify
from core.roles import Post, Role
from core.sweeps import sweep_due
from incidents.models import About, Matter, MatterKind, NamedPerson, RoadStep
from incidents.roads import RoadNotChosen, Step, bypass_road, each_alone, settled
from incidents.selectors import CLOSED, heads_of, namesakes, people_on, spoken_of, without
from people.governance.catalogue import SETTINGS
from people.governance.profile import Profile
from people.models import Membership, School, User
from people.models.membership import active_q
from people.selectors import holders, people_at, profile_of

MOST_WORDS = 4000
Road = Callable[..., list[Step]]


@dataclass(frozen=True)
class Whom:
    """Whose doing it was, as it was typed: words for a pupil or somebody else, a person for a colleague."""

    about: str
    words: str = ""
    person: User | None = None


@dataclass(frozen=True)
class Meant:
    """Whom it is about in truth: what was chosen, the sorts of people, and the people who are named."""

    about: About
    sorts: frozenset[About]
    words: str
    named: tuple[User, ...]


def meant_by(school: School, whom: Whom) -> Meant:
    """Read what was typed: the headteacher may hide behind a name or a choice. Raises Refused.

    A typed name that is a colleague's, in full or by the last name, means that colleague; what was said of
    a pupil reaches the DSL all the same, for a pupil may have the same name.
    """
    if whom.about not in About.values:
        raise Refused("Choose whose doing it was.", field="about")
    about, words = About(whom.about), " ".join(whom.words.split())[:150]
    heads = heads_of(school)
    if about == About.UNKNOWN:
        return Meant(about, frozenset({about}), "", ())
    if about == About.HEAD:
        return Meant(about, frozenset({about}), "", tuple(heads))
    if about == About.STAFF:
        named = tuple(people_at(school).filter(pk=getattr(whom.person, "pk", None)))
        if not named:
            raise Refused("Choose the member of staff.", field="person")
        words = ""
    elif not words:
        field = "pupil" if about == About.PUPIL else "other"
        raise Refused("Say who it was, or choose that you do not know.", field=field)
    else:
        spoken = spoken_of(school, words, of_pupil=about == About.PUPIL)
        named = tuple(dict.fromkeys([*namesakes(school, words), *spoken]))
    sorts = {About.HEAD if user in heads else About.STAFF for user in named}
    if about == About.PUPIL or not named:
        sorts.add(about)
    shown = About.HEAD if about == About.STAFF and About.HEAD in sorts else about
    return Meant(shown, frozenset(sorts), words, named)


def matter_send(
    *,
    actor: User,
    school: School,
    once: UUID,
    kind: MatterKind,
    meant: Meant,
    road: Road,
    then: Callable[[Matter], Any],
    same: Callable[[Matter], bool] = lambda matter: True,
) -> Matter:
    """Store a matter with its road and its names, and tell the road at once.

    `road` is a function of `incidents.roads`; `then` writes the rows of its own kind. The same page sent
    twice gives the same matter; what was changed on it in between (`same` says no) is a matter of its own,
    so that nothing is lost. Raises Refused where the school has not chosen what the road needs.
    """
    if known := _known(actor, school, once):
        if _alike(known, kind, meant) and same(known):
            return known
        once = uuid4()
    steps = _road(profile_of(school), school, meant, road)
    try:
        with audited():
            matter = Matter.objects.create(
                once=once, kind=kind, school=school, reporter=actor, has_road=bool(steps), **_about(meant)
            )
            NamedPerson.objects.bulk_create([NamedPerson(matter=matter, user=user) for user in meant.named])
            add_steps(matter, steps)
            then(matter)
            tell_road(matter, actor)
    except IntegrityError as error:
        if known := _known(actor, school, once):
            return known
        raise Refused("This page cannot be sent. Open it afresh and send it again.") from error
    return matter


def _alike(known: Matter, kind: MatterKind, meant: Meant) -> bool:
    """Whether a stored matter is of this kind and about the same."""
    wanted = {**_about(meant), "kind": kind}
    return all(getattr(known, field) == value for field, value in wanted.items())


def _about(meant: Meant) -> dict[str, Any]:
    """The fields that say whom it is about."""
    chosen = meant.about in (About.STAFF, About.HEAD) and bool(meant.named)
    user = meant.named[0] if chosen else None
    return {"about": meant.about, "about_words": meant.words, "about_user": user}


def _known(actor: User, school: School, once: UUID) -> Matter | None:
    return Matter.objects.filter(once=once, reporter=actor, school=school).first()


def _road(profile: Profile, school: School, meant: Meant, road: Road) -> list[Step]:
    named = {user.pk for user in meant.named}

    def heard_by(spec: str) -> bool:
        return holders(school, spec).exclude(pk__in=named).exists()

    try:
        together = settled(road(profile, meant.sorts, central=school.is_central), heard_by)
        alone = [] if road is bypass_road else each_alone(profile, meant.sorts, school.is_central, heard_by)
    except RoadNotChosen as error:
        raise Refused(not_chosen(profile, error.key, dsl_hears=heard_by(Role.DSL))) from error
    known = {step.spec for step in together}
    missing = {step.spec: step for step in alone if step.spec not in known}
    return [*together, *missing.values()]


def not_chosen(profile: Profile, key: str, *, dsl_hears: bool = True) -> str:
    """What to do where a school has not chosen who hears of something (subtle 58).

    It sends nobody to the headteacher, or to a DSL, whom it may be about.
    """
    title = SETTINGS[key].title
    outside = profile.last_resort_contact or "your local authority's designated officer (LADO)"
    whom = f"the {profile.title_of('dsl')}" if dsl_hears else outside
    return (
        f"Your school has not chosen who hears of this. Tell {whom} in person now. An IT lead or the "
        f"executive team of your trust chooses it in the settings, under “{title}”. What you typed is still on "
        "this page: send it when that is done."
    )


def add_steps(matter: Matter, steps: Iterable[Step]) -> None:
    """Write steps of the road, frozen from now on."""
    rows = []
    for step in steps:
        role, _, post = step.spec.partition("/")
        rows.append(
            RoadStep(
                matter=matter,
                role=role,
                post=post,
                reads=step.reads,
                blocks=step.blocks,
                decides=step.decides,
            )
        )
    RoadStep.objects.bulk_create(rows)


def url_of(matter: Matter) -> str:
    """The page of a matter."""
    name = "incidents:bypass-detail" if matter.kind == MatterKind.BYPASS else "incidents:report-detail"
    return reverse(name, args=[matter.uuid])


def tell_road(matter: Matter, actor: User | None) -> None:
    """A notice to everybody on the road but the named and whoever sent it (STM-9.05, CIT-2.27)."""
    notify(
        "incidents.record" if matter.kind == MatterKind.BYPASS else "incidents.report",
        recipients=without(people_on(matter), actor),
        about=matter,
        key=str(matter.pk),
        link=url_of(matter),
    )


def roads_mend(limit: int = 200) -> int:
    """Open matters of which nobody is left to hear: the chair or the executive team hears of them now.

    Holders of a road leave, and a subject may come into its role. Safe to run twice.
    """
    open_ones = Matter.objects.filter(~CLOSED).exclude(kind=MatterKind.BYPASS, ban__isnull=False)
    heard = RoadStep.objects.filter(reads_now(), matter=OuterRef("pk"), reads=True)
    return sweep_due("matter", open_ones.filter(~Exists(heard)), _mend, by="pk", limit=limit)


def reads_now() -> Exists:
    """Whether somebody who is not named holds a step's role at its school now."""
    holding = Membership.objects.filter(
        active_q(),
        Q(school=OuterRef("matter__school")) | Q(trust=OuterRef("matter__school__trust")),
        role=OuterRef("role"),
    ).annotate(step_post=ExpressionWrapper(OuterRef("post"), output_field=CharField()))
    holding = holding.filter((Q(step_post="") & ~Q(post=Post.DEPUTY)) | Q(post=F("step_post")))
    named = NamedPerson.objects.filter(matter=OuterRef(OuterRef("matter")), user=OuterRef("user"))
    return Exists(holding.exclude(Exists(named)))


def _mend(pk: int) -> bool:
    with audited():
        row = Matter.objects.select_for_update(of=("self",), no_key=True).select_related("school").get(pk=pk)
        if people_on(row):
            return False
        named = list(row.named.values_list("user", flat=True))
        before = [Step(step.spec, reads=False, decides=step.decides) for step in row.road.all()]
        fresh = settled(before, lambda spec: holders(row.school, spec).exclude(pk__in=named).exists())
        if not fresh:
            changed, row.has_road = row.has_road, False
            row.save(update_fields=["has_road"])
            return changed
        row.has_road = True
        row.save(update_fields=["has_road"])
        add_steps(row, fresh)
        record("incidents.road_mended", school=row.school, subject=row)
        tell_road(row, None)
    return True
