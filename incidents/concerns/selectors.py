"""Reads about concerns that cross models."""

from collections.abc import Iterable

from django.db.models import CharField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet
from django.utils import timezone

from core.roles import Post, Role
from incidents.models import Concern, ConcernGrant, ConcernStep, DutyCover, Excluded, Sort
from incidents.selectors import heads_of
from people.models import Membership, School, User
from people.models.membership import active_q
from people.selectors import holders_of_any, people_at


def excluded_from(concern: Concern) -> list[int]:
    """Ids of those who may not read it."""
    return list(Excluded.objects.filter(concern=concern, lifted_at=None).values_list("user", flat=True))


def road_of(concern: Concern) -> list[str]:
    """Its steps as role specs, in the order in which they came."""
    return [step.spec for step in concern.road.all()]


def open_specs(concern: Concern) -> list[str]:
    """Its steps, without the headteacher's where it names the headteacher, whoever that is by now."""
    shut = str(Role.HEADTEACHER) if concern.no_head else ""
    return [spec for spec in road_of(concern) if spec.partition("/")[0] != shut]


def on_the_road(concern: Concern) -> list[User]:
    """Who meets a step of its road now and is not excluded."""
    specs = open_specs(concern)
    if not specs:
        return []
    return list(holders_of_any(concern.school, specs).exclude(pk__in=excluded_from(concern)))


def readers_of(concern: Concern) -> list[User]:
    """Who may read it now: its road and those let in by name. Emergency access does not count."""
    granted = ConcernGrant.objects.filter(
        Q(until=None) | Q(until__gt=timezone.now()), content_object=concern
    ).values("user")
    named = people_at(concern.school).filter(pk__in=granted).exclude(pk__in=excluded_from(concern))
    return list({user.pk: user for user in (*on_the_road(concern), *named)}.values())


def without(people: Iterable[User], *others: User | None) -> list[User]:
    """The people, without these."""
    left_out = {other.pk for other in others if other is not None}
    return [user for user in people if user.pk not in left_out]


def people_of_sort(school: School, sort: str, user: User | None) -> list[User]:
    """The people behind a choice: one colleague, or everyone who heads the school."""
    if sort == Sort.HEAD:
        return heads_of(school)
    return [user] if user is not None else []


def heard_now() -> Exists:
    """Whether somebody who is not excluded holds a step's role at its school now. For rows of `ConcernStep`."""
    holding = Membership.objects.filter(
        active_q(),
        Q(school=OuterRef("concern__school")) | Q(trust=OuterRef("concern__school__trust")),
        role=OuterRef("role"),
    ).annotate(step_post=ExpressionWrapper(OuterRef("post"), output_field=CharField()))
    holding = holding.filter((Q(step_post="") & ~Q(post=Post.DEPUTY)) | Q(post=F("step_post")))
    out = Excluded.objects.filter(
        concern=OuterRef(OuterRef("concern")), user=OuterRef("user"), lifted_at=None
    )
    return Exists(holding.exclude(Exists(out)))


def has_readers() -> Exists:
    """Whether a concern's road has a reader now. For rows of `Concern`."""
    steps = ConcernStep.objects.exclude(role=Role.HEADTEACHER, concern__no_head=True)
    return Exists(steps.filter(heard_now(), concern=OuterRef("pk")))


def covers_today(school: School) -> QuerySet[DutyCover]:
    """Who is the DSL on duty today, if that was arranged: people who still are DSL or deputy there."""
    day = timezone.localdate()
    still = holders_of_any(school, (Role.DSL, f"{Role.DSL}/{Post.DEPUTY}"))
    return DutyCover.objects.filter(
        school=school, ended_at=None, starts__lte=day, ends__gte=day, user__in=still
    ).select_related("user", "set_by")
