"""Who may sign a step now: asked afresh each time, never stored, so a changed role counts at once.

The road of a step: its holders who are free; a deputy of a free holder, acting for them; when no
holder is free, a deputy of any holder but the person concerned, who would have chosen them; when
there is none, the chair. Never skipped. Barred are the requester, the person whom the decision is
about, whoever decided in this round already, and whom the kind bars for their part in the subject.
"""

from dataclasses import dataclass
from typing import Any

from django.db.models import CharField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from approvals.kinds import KINDS
from approvals.models import ApprovalRequest, ApprovalStep, Decision
from core.access import standing_of
from core.roles import EMPLOYED, Post, Role, with_deputies
from people.models import Deputy, Membership, School, User
from people.models.membership import active_q
from people.selectors import MAY_DEPUTISE, holders, possible_deputies

CHAIR = f"{Role.GOVERNANCE}/{Post.CHAIR}"


@dataclass(frozen=True)
class Signer:
    """A person who may sign, for whom they act (None: themselves), and as what."""

    user: User
    acting_for: User | None
    capacity: str


def barred_from(request: ApprovalRequest) -> set[int]:
    """Ids of the people who may not decide this request in this round."""
    decided = Decision.objects.filter(step__request=request, round=request.round)
    known = {request.requested_by_id, request.about_id, *decided.values_list("decided_by", flat=True)} - {
        None
    }
    return known | barred_by_kind(request)


def barred_by_kind(request: ApprovalRequest) -> set[int]:
    """Ids of the people whom the request's kind bars; without a query where the kind bars nobody."""
    kind = KINDS.get(request.kind)
    if kind is None or kind.barred is None:
        return set()
    return set(User.objects.filter(kind.barred(request.pk, OuterRef("pk"))).values_list("pk", flat=True))


def signers_of(step: ApprovalStep) -> list[Signer]:
    """Everybody who may sign this step now, in the order of its road. Empty when nobody may."""
    request = step.request
    return signers_at(request.school, step.spec, step.title, barred_from(request), request.about_id)


def signers_at(
    school: School, spec: str, title: str, barred: set[int], about: int | None = None
) -> list[Signer]:
    """Everybody who may sign as `spec` at a school, but for the barred.

    The deputy of the person concerned (`about`) is passed over too: they were chosen by that person.
    """
    everybody = list(holders(school, spec))
    free = [person for person in everybody if person.pk not in barred]
    represented = free or [person for person in everybody if person.pk != about]
    appointments = (
        Deputy.objects.active()
        .filter(school=school, person__in=represented, deputy__in=possible_deputies(school))
        .exclude(deputy__in=barred)
        .select_related("deputy", "person")
    )
    deputies = [Signer(row.deputy, row.person, f"Deputy for {title}") for row in appointments]
    if free or deputies:
        return [Signer(person, None, title) for person in free] + deputies
    return [
        Signer(person, None, f"Chair, in place of {title}")
        for person in holders(school, CHAIR)
        if person.pk not in barred
    ]


def outstanding(step: ApprovalStep) -> list[User]:
    """Holders who have still to sign a step that needs all of them, by themselves or through a deputy."""
    done = barred_from(step.request)
    decided = Decision.objects.filter(step=step, round=step.request.round)
    done |= set(decided.exclude(acting_for=None).values_list("acting_for", flat=True))
    return [person for person in holders(step.request.school, step.spec) if person.pk not in done]


def signable_steps(user: Any, but: frozenset[int] | set[int] = frozenset()) -> QuerySet[ApprovalStep]:
    """The current steps that the user may sign now: the same rule as `signers_of`, as one query.

    `but` leaves out the schools with these ids, where a caller has its answer already.
    """
    standing = standing_of(user)
    current = ApprovalStep.objects.filter(
        status=ApprovalStep.Status.CURRENT,
        request__status=ApprovalRequest.Status.PENDING,
        request__school__in=standing.all_schools() - but,
    )
    road = Q(pk__in=[])
    for (role, post), places in standing.places.items():
        schools = places - but
        if not schools:
            continue
        posts = {post} if post == Post.DEPUTY else {"", post}
        road |= Q(role=role, post__in=posts, request__school__in=schools)
    employed = standing.schools([*with_deputies(EMPLOYED), CHAIR])
    for person, school in _represented_by(user):
        if school in but or school not in employed:
            continue
        represented = Exists(_free_holders().filter(user=person)) | (
            Exists(_unconcerned().filter(user=person)) & ~Exists(_free_holders())
        )
        road |= Q(request__school=school) & represented
    chaired = standing.schools([CHAIR]) - but
    if chaired:
        road |= (
            Q(request__school__in=chaired) & ~Q(Exists(_free_holders())) & ~Q(Exists(_represented_holders()))
        )
    return current.filter(road).exclude(_barred(user))


def _represented_by(user: Any) -> list[tuple[int, int]]:
    """Whom the user represents, and where. A page keeps it beside the standing, so it is read once."""
    kept = getattr(user, "_represents", None) if getattr(user, "_standing", None) else None
    if kept is None:
        kept = list(Deputy.objects.active().filter(deputy_id=user.pk).values_list("person", "school"))
        user._represents = kept
    return kept


def _barred(user: Any) -> Q:
    decided = Decision.objects.filter(
        step__request=OuterRef("request"), round=OuterRef("request__round"), decided_by=user
    )
    return (
        Q(request__requested_by=user)
        | Q(request__about__isnull=False, request__about=user)
        | Q(Exists(decided))
        | _by_kinds(OuterRef("request"), user.pk)
    )


def _by_kinds(request: Any, person: Any) -> Q:
    """Whether a kind bars a person from a request; both are values or references."""
    found = Q(pk__in=[])
    for kind in KINDS.values():
        if kind.barred is not None:
            found |= Q(kind.barred(request, person))
    return found


def _holders() -> QuerySet[Membership]:
    """Memberships that hold the outer step's role and post."""
    return (
        Membership.objects.filter(
            active_q(), Q(school=OuterRef("request__school")) | Q(trust=OuterRef("request__school__trust"))
        )
        .annotate(step_post=ExpressionWrapper(OuterRef("post"), output_field=CharField()))
        .filter(Q(step_post="") & ~Q(post=Post.DEPUTY) | Q(post=F("step_post")), role=OuterRef("role"))
    )


def _unconcerned() -> QuerySet[Membership]:
    """Holders but for the person whom the decision is about."""
    return _holders().exclude(user=Coalesce(OuterRef("request__about"), Value(0)))


def _free_holders() -> QuerySet[Membership]:
    """Holders who are not barred."""
    return (
        _holders()
        .exclude(user=OuterRef("request__requested_by"))
        .exclude(user=Coalesce(OuterRef("request__about"), Value(0)))
        .exclude(Exists(_decisions_of(OuterRef("user"))))
        .exclude(_by_kinds(OuterRef(OuterRef("request")), OuterRef("user")))
    )


def _decisions_of(person: Any) -> QuerySet[Decision]:
    return Decision.objects.filter(
        step__request=OuterRef(OuterRef("request")),
        round=OuterRef(OuterRef("request__round")),
        decided_by=person,
    )


def _represented_holders() -> QuerySet[Membership]:
    """Holders with a deputy who is not barred and is still employed at the school."""
    school = OuterRef(OuterRef("request__school"))
    here = Membership.objects.filter(
        active_q(),
        MAY_DEPUTISE,
        Q(school=OuterRef("school")) | Q(trust=OuterRef("school__trust")),
        user=OuterRef("deputy"),
    )
    appointments = (
        Deputy.objects.active()
        .filter(Exists(here), person=OuterRef("user"), school=school)
        .exclude(deputy=OuterRef(OuterRef("request__requested_by")))
        .exclude(deputy=Coalesce(OuterRef(OuterRef("request__about")), Value(0)))
        .exclude(
            Exists(
                Decision.objects.filter(
                    step__request=OuterRef(OuterRef(OuterRef("request"))),
                    round=OuterRef(OuterRef(OuterRef("request__round"))),
                    decided_by=OuterRef("deputy"),
                )
            )
        )
        .exclude(_by_kinds(OuterRef(OuterRef(OuterRef("request"))), OuterRef("deputy")))
    )
    return _unconcerned().filter(Exists(appointments))
