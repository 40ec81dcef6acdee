"""The table of demo people: who to sign in as."""

from itertools import groupby
from operator import itemgetter

from django.db.models import Count

from consent.models import AnswerLink
from consent.services.links import url_of
from people.models import Invitation, Membership, User
from people.titles import title
from smgov.demo.people import DOMAINS, PASSWORD, TO_TRY, address, addresses
from smgov.demo.schools import INVITED

HEADINGS = ("Name", "Role", "E-mail", "Password")


def lines(everybody: bool = False) -> list[str]:
    """The table as lines of text, school by school: a person of every role, or everybody."""
    found = rows(everybody)
    widths = [max(map(len, column)) for column in zip(HEADINGS, *(cells for _, cells in found), strict=True)]
    text = [_line(HEADINGS, widths)] if found else []
    for place, people in groupby(found, key=itemgetter(0)):
        text += ["", place, *(_line(cells, widths) for _, cells in people)]
    return text


def parents_page() -> str:
    """The page of a demo parent with two children, who has no account; "" where there is none."""
    rows = AnswerLink.objects.filter(contact__isnull=False, revoked_at=None).order_by("pk")
    link = rows.annotate(children=Count("contact__ties")).filter(children__gte=2).first()
    return url_of(link) if link else ""


def _line(cells: tuple[str, ...], widths: list[int]) -> str:
    return "  " + "  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)).rstrip()


def rows(everybody: bool = False) -> list[tuple[str, tuple[str, ...]]]:
    """Where, and then name, roles, e-mail and password: as they are now, by place and name."""
    emails = set(addresses().values()) | {address(name, DOMAINS[place]) for _, place, name, _ in INVITED}
    if not everybody:
        emails = {addresses()[name] for name in TO_TRY}
    held: dict[int, list[Membership]] = {}
    memberships = Membership.objects.active().filter(user__email__in=emails).select_related("school", "trust")
    for row in memberships.order_by("role", "post"):
        held.setdefault(row.user_id, []).append(row)
    invited = set(Invitation.objects.filter(accepted_at=None, revoked_at=None).values_list("user", flat=True))
    users = User.objects.filter(email__in=emails)
    return sorted(_row(user, held.get(user.pk, []), user.pk in invited) for user in users)


def _row(user: User, held: list[Membership], invited: bool) -> tuple[str, tuple[str, ...]]:
    roles = ", ".join(dict.fromkeys(title(None, row.role, row.post) for row in held))
    places = ", ".join(dict.fromkeys(row.place.name for row in held))
    roles = roles or ("Runs the server" if user.is_superuser else "Has left")
    password = "has not joined yet" if invited else PASSWORD
    return places or "No school", (user.full_name, roles, user.email, password)
