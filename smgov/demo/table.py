"""The table of demo people: who to sign in as."""

from people.models import Invitation, Membership, User
from smgov.demo.people import DOMAINS, PASSWORD, TO_TRY, address, addresses
from smgov.demo.schools import INVITED

HEADINGS = ("School", "Name", "Role", "E-mail", "Password")
WIDEST = 44


def lines(everybody: bool = False) -> list[str]:
    """The table as lines of text: a person of every role, or everybody. Empty when there is no demo."""
    found = rows(everybody)
    if not found:
        return []
    cells = [HEADINGS, *found]
    widths = [max(len(row[column]) for row in cells) for column in range(len(HEADINGS))]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in cells]


def rows(everybody: bool = False) -> list[tuple[str, ...]]:
    """Places, name, roles, e-mail and password, as they are now, by place and name."""
    emails = set(addresses().values()) | {address(name, DOMAINS[place]) for _, place, name, _ in INVITED}
    if not everybody:
        emails = {addresses()[name] for name in TO_TRY}
    held: dict[int, list[Membership]] = {}
    memberships = Membership.objects.active().filter(user__email__in=emails).select_related("school", "trust")
    for row in memberships.order_by("role", "post"):
        held.setdefault(row.user_id, []).append(row)
    invited = set(Invitation.objects.filter(accepted_at=None, revoked_at=None).values_list("user", flat=True))
    return sorted(_row(user, held.get(user.pk, []), user.pk in invited) for user in User.objects.filter(email__in=emails))


def _row(user: User, held: list[Membership], invited: bool) -> tuple[str, ...]:
    roles = ", ".join(dict.fromkeys(_title(row) for row in held))
    places = ", ".join(dict.fromkeys(_short(row.place.name) for row in held))
    roles = roles or ("Runs the server" if user.is_superuser else "Has left")
    return places or "-", user.full_name, roles, user.email, "not joined yet" if invited else PASSWORD


def _title(row: Membership) -> str:
    """A post says more than its role, but "Deputy" alone would not say of whom."""
    return f"{row.get_role_display()}, {row.title.lower()}" if row.post == "deputy" else row.title


def _short(name: str) -> str:
    return name if len(name) <= WIDEST else name[: WIDEST - 1].rstrip() + "…"
