"""Filling the register: accounts entered and confirmed, rights given, asked for and ended, accounts closed."""

import uuid
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from itertools import islice

from django.utils import timezone
from django.utils.text import slugify

from accounts.choices import Public, Right
from accounts.models import AccountRight, RightsRequest, SocialAccount
from accounts.services.register import account_close, account_enter
from accounts.services.rights import right_end_now, rights_ask
from approvals.models import ApprovalRequest
from core.models import Platform
from people.models import User
from people.selectors import profile_of
from smgov.demo.answers import page_of
from smgov.demo.books import BOOKS, CLOSED, LED_BY_LEAVERS, NOT_OURS, UNCONFIRMED, Book
from smgov.demo.clock import Scene
from smgov.demo.people import DOMAINS, Cast
from smgov.demo.requests import decide

PURPOSES = (
    "News and dates for families.",
    "What pupils make and learn, for those at home.",
    "Results, thanks and reminders.",
    "Questions to think about, and where to find help.",
)


def enter(cast: Cast, book: Book) -> list[SocialAccount]:
    """Enter every account of a book, its runners taking turns."""
    return [_enter_one(cast, book, number) for number in range(len(book.accounts))]


def _enter_one(cast: Cast, book: Book, number: int) -> SocialAccount:
    name, platform = book.accounts[number]
    slug = slugify(name).replace("-", "")[:28]
    turns = (cast.who(book.runners[(number + turn) % len(book.runners)]) for turn in range(len(book.runners)))
    runners = list(islice(turns, max(book.administrators, 1 + (number % 5 == 0))))
    school = cast.schools[book.school]
    people = [(user, Right.ADMINISTRATOR) for user in runners[: book.administrators]]
    people.append((runners[-1], Right.MODERATOR))
    if profile_of(school).lead_required:
        people.append((runners[0], Right.LEAD))
    since = timezone.localdate() - timedelta(days=40 + 97 * (number % 23))
    return account_enter(
        actor=cast.who(book.entered_by),
        school=school,
        once=uuid.uuid4(),
        values={
            "name": name,
            "platform": Platform.objects.get(slug=platform),
            "handle": f"@{slug}",
            "address": page_of(platform, slug),
            "official_email": f"{slug}@{DOMAINS[book.school]}" if number % 4 else "",
            "purpose": PURPOSES[number % len(PURPOSES)],
            "audience": [Public.FAMILY, Public.PUBLIC] if number % 3 else [Public.PUPILS, Public.FAMILY],
            "openness": "open" if number % 3 else "closed",
            "live_since": None if number % 11 == 10 else since,
        },
        people=people,
    )


def confirm(cast: Cast, book: Book) -> None:
    """The last signer of the chain confirms what was entered."""
    for row in _waiting(cast, book, "entered_account"):
        decide(row, cast.who(book.signers[0]))


def grant(cast: Cast, book: Book, turn: int) -> None:
    """One grantor after the other gives the administrators their rights."""
    for row in _waiting(cast, book, "rights_request__account"):
        decide(row, cast.who(book.signers[turn]))


def _waiting(cast: Cast, book: Book, road: str) -> list[ApprovalRequest]:
    names = {name for name, _ in book.accounts}
    found = {
        "school": cast.schools[book.school],
        "status": ApprovalRequest.Status.PENDING,
        f"{road}__name__in": names,
    }
    return list(ApprovalRequest.objects.filter(**found).order_by("pk"))


def account(cast: Cast, school: str, name: str) -> SocialAccount:
    """An open account by its school and name."""
    rows = SocialAccount.objects.filter(school=cast.schools[school], name=name, status__in=SocialAccount.OPEN)
    return rows.select_related("school", "platform").get()


def _close(cast: Cast) -> None:
    for school, name, who, because in CLOSED:
        account_close(actor=cast.who(who), account=account(cast, school, name), because=because)


def _refuse_entry(cast: Cast) -> None:
    entered = enter(cast, NOT_OURS)[0]
    decide(
        entered.confirmation, cast.who("Judith Amankwah"), "refused", "Parents run this one. It is not ours."
    )


def _rights_of_the_past(cast: Cast) -> None:
    """A right for a few weeks, and one that was ended at once."""
    who = cast.who
    stage, art = account(cast, "thornwick", "Thornwick Stage"), account(cast, "thornwick", "Thornwick Art")
    asked = rights_ask(
        actor=who("Bernadette Fairweather"),
        account=stage,
        user=who("Marisol Vega"),
        right=Right.POSTER,
        until=timezone.localdate() + timedelta(days=65),
        reason="Takes the pictures of the summer play",
    )
    decide(asked.approval, who("Rajesh Pillai"))
    asked = rights_ask(
        actor=who("Bernadette Fairweather"),
        account=art,
        user=who("Tobias Greenhalgh"),
        right=Right.POSTER,
        reason="Hangs the exhibition",
    )
    decide(asked.approval, who("Geraldine Huxtable"))


def _end_a_right(cast: Cast) -> None:
    held = AccountRight.objects.select_related("account", "user").get(
        user=cast.who("Tobias Greenhalgh"), right=Right.POSTER, ended_at=None
    )
    right_end_now(actor=cast.who("Magnus Thorvaldsen"), right=held, because="The exhibition is over")


def _rights_that_wait(cast: Cast) -> None:
    """Rights that somebody has asked for and others have still to give: at each step, and one to be ended."""
    asked = [
        (
            "millbrook",
            "Millbrook History",
            "Roisin O'Hanlon",
            "Ewa Zielińska",
            Right.ADMINISTRATOR,
            "Idris has left",
        ),
        (
            "millbrook",
            "Millbrook Geography",
            "Roisin O'Hanlon",
            "Bo Ek",
            Right.POSTER,
            "Helps with the field trip",
        ),
        (
            "ashgrove",
            "Year 2 at Ashgrove",
            "Hadiza Bello",
            "Jo Li",
            Right.POSTER,
            "Shares the class from May",
        ),
        (
            "stcedds",
            "Year 3 at St Cedd's",
            "Phyllis Entwistle",
            "Anneliese Vogt",
            Right.ADMINISTRATOR,
            "Kit has left",
        ),
        (
            "thornwick",
            "Thornwick Science",
            "Bernadette Fairweather",
            "Marisol Vega",
            Right.POSTER,
            "Science week",
        ),
    ]
    for school, name, asker, user, right, reason in asked:
        rights_ask(
            actor=cast.who(asker),
            account=account(cast, school, name),
            user=cast.who(user),
            right=right,
            reason=reason,
        )
    ended: User = cast.who("Nia Blackwood")
    row = AccountRight.objects.filter(user=ended, right=Right.ADMINISTRATOR, ended_at=None).select_related(
        "account"
    )[0]
    rights_ask(
        actor=cast.who("Roisin O'Hanlon"),
        account=row.account,
        user=ended,
        right=Right.ADMINISTRATOR,
        move=RightsRequest.Move.END,
        reason="Has too many already",
    )


def _sign_one(cast: Cast) -> None:
    """The headteacher has signed one of them, so that it waits for the second grantor."""
    row = RightsRequest.objects.get(account__name="Year 2 at Ashgrove", user=cast.who("Jo Li"), open=True)
    decide(row.approval, cast.who("Marguerite Osei-Bonsu"))


def scenes(cast: Cast) -> Iterator[Scene]:
    """From the first entries to rights that wait today."""
    for book in (*BOOKS, *LED_BY_LEAVERS):
        yield Scene(118, 10, partial(enter, cast, book))
        yield Scene(115, 10, partial(confirm, cast, book))
        for turn in range(1, len(book.signers)):
            yield Scene(115 - turn, 14, partial(grant, cast, book, turn))
    yield Scene(88, 11, partial(_refuse_entry, cast))
    yield Scene(46, 11, partial(_rights_of_the_past, cast))
    yield Scene(33, 16, partial(_close, cast))
    yield Scene(18, 16, partial(_end_a_right, cast))
    for book in UNCONFIRMED:
        yield Scene(6, 14, partial(enter, cast, book))
    yield Scene(5, 15, partial(_rights_that_wait, cast))
    yield Scene(4, 16, partial(_sign_one, cast))
