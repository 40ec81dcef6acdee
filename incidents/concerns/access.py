"""Who may know of a concern: its road and those let in by name, minus whom it concerns (design 3.4, 3.5).

No role, superuser, deputy or grant gets past `not_excluded`, and there is no other road to a row.
"""

from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from core.access import Rules, Standing, standing_of
from core.roles import EMPLOYED, Post, Role, with_deputies
from incidents.abuse.access import abuse_rules
from incidents.models import (
    Action,
    Concern,
    ConcernGrant,
    ConcernStep,
    DutyCover,
    Entry,
    Evidence,
    Excluded,
    GlassBreak,
    Part,
    Referral,
    Right,
)

REPORTERS = with_deputies((*EMPLOYED, Role.CONTRIBUTOR, Role.GOVERNANCE))
"""Whoever has a role at the school may report a concern there."""
GLASS = (
    Role.DSL,
    f"{Role.DSL}/{Post.DEPUTY}",
    Role.HEADTEACHER,
    f"{Role.SENIOR_LEADER}/{Post.ELT}",
    f"{Role.GOVERNANCE}/{Post.CHAIR}",
    Role.DPO,
)
"""Who may take emergency access to the concerns of a school, with a reason, for a few hours."""
FIGURES = (Role.GOVERNANCE, Role.HEADTEACHER, Role.DSL, Role.SENIOR_LEADER)
"""Who reads how many concerns there were, with small numbers left out."""
DUTY = (Role.DSL, Role.HEADTEACHER)
"""Who says which DSL is on duty in the holidays."""


def on_road(standing: Standing) -> Q:
    """Concerns with a step that the person meets now; a deputy's post meets no step but its own."""
    meets = Q(pk__in=[])
    for (role, post), schools in standing.places.items():
        posts = {post} if post == Post.DEPUTY else {"", post}
        step = Q(role=role, post__in=posts, concern__school__in=schools)
        # What names the headteacher is shut to the role, whoever holds it by now.
        meets |= step & Q(concern__no_head=False) if role == Role.HEADTEACHER else step
    return Q(Exists(ConcernStep.objects.filter(meets, concern=OuterRef("pk"))))


def let_in(user: Any, standing: Standing, *rights: Right) -> Q:
    """Concerns to which the person was let in by name, and still is."""
    grants = ConcernGrant.objects.filter(
        Q(until=None) | Q(until__gt=timezone.now()),
        content_object=OuterRef("pk"),
        user=user,
        permission__codename__in=rights or Right.values,
    )
    return Q(school__in=standing.all_schools()) & Q(Exists(grants))


def by_glass(user: Any, standing: Standing) -> Q:
    """Concerns of schools to which the person has emergency access at this moment."""
    breaks = GlassBreak.objects.filter(user=user, until__gt=timezone.now(), school=OuterRef("school"))
    here = Q(school__in=standing.schools(GLASS)) & Q(Exists(breaks))
    # The headteacher's role opens nothing that names the headteacher, whoever holds it by now.
    others = standing.schools(spec for spec in GLASS if spec != Role.HEADTEACHER)
    return here & (Q(no_head=False) | Q(school__in=others))


def not_excluded(user: Any) -> Q:
    """Concerns that neither concern the person nor were left to others by them."""
    return ~Q(Exists(Excluded.objects.filter(concern=OuterRef("pk"), user=user, lifted_at=None)))


def _by_name(user: Any, standing: Standing, action: str) -> Q | None:
    if action in ("view", "add"):
        return (on_road(standing) | let_in(user, standing) | by_glass(user, standing)) & not_excluded(user)
    if action == "know":
        return (on_road(standing) | let_in(user, standing)) & not_excluded(user)
    if action == "handle":
        return (on_road(standing) | let_in(user, standing, Right.HANDLE)) & not_excluded(user)
    if action == "road":
        return on_road(standing) & not_excluded(user)
    if action == "own":
        return Q(reporter=user, school__in=standing.all_schools())
    return None


concern_rules = Rules(
    Concern,
    {
        "view": (),  # read the case
        "know": (),  # the same without emergency access, which leaves its trace on each case
        "add": (),  # add notes and evidence to it
        "handle": (),  # triage, refer, decide, close
        "road": (),  # let others in, learn who reported in confidence
        "own": (),  # see that one's own report was received
        "report": REPORTERS,
        "glass": GLASS,
        "figures": FIGURES,
        "duty": DUTY,
    },
    by_name=_by_name,
)


def _of_visible(action: str) -> Any:
    """The rule of a row that belongs to a concern: whoever may do `action` to the concern."""

    def rule(user: Any, standing: Standing, asked: str) -> Q:
        visible = concern_rules.visible_to(user, action if asked == "view" else asked)
        return Q(concern__in=visible.order_by().values("pk"))

    return rule


entry_rules = Rules(Entry, {"view": ()}, school_field="concern__school", by_name=_of_visible("view"))
part_rules = Rules(
    Part, {"view": (), "handle": ()}, school_field="concern__school", by_name=_of_visible("view")
)
action_rules = Rules(
    Action, {"view": (), "add": (), "handle": ()}, school_field="concern__school", by_name=_of_visible("view")
)
referral_rules = Rules(
    Referral, {"view": (), "handle": ()}, school_field="concern__school", by_name=_of_visible("view")
)
duty_rules = Rules(DutyCover, {"view": DUTY, "end": DUTY})
glass_rules = Rules(
    GlassBreak,
    {
        "view": (
            Role.DSL,
            Role.DPO,
            f"{Role.GOVERNANCE}/{Post.CHAIR}",
            f"{Role.SENIOR_LEADER}/{Post.ELT}",
        )
    },
)


def _evidence(user: Any, standing: Standing, action: str) -> Q:
    """Evidence of a concern goes with the concern, evidence of the abuse log with its entry.

    `take` is to download the original: for whoever handles the case, or acts on the entry. What could be an
    indecent image of a child is shown to nobody, on whichever of the two records it was kept (CBC-10.03).
    """
    takes = action == "take"
    concerns = concern_rules.visible_to(user, "handle" if takes else "view")
    entries = abuse_rules.visible_to(user, "act" if takes else "view")
    of_concern = Q(concern__image=False, concern__in=concerns.order_by().values("pk"))
    withheld = Exists(Concern.objects.filter(image=True, abuse=OuterRef("abuse")))
    return of_concern | Q(abuse__in=entries.order_by().values("pk")) & ~Q(withheld)


evidence_rules = Rules(Evidence, {"view": (), "take": ()}, school_field="concern__school", by_name=_evidence)


def sees_board(user: Any) -> bool:
    """Whether the board is worth showing: something stands on it, or a role of the person hears of concerns."""
    standing = standing_of(user)
    if standing.schools((Role.DSL, Role.HEADTEACHER)):
        return True
    return bool(standing.held) and concern_rules.visible_to(user, "view").exists()
