"""A school with an account, the people who look after it, and comments in one line each."""

from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from unittest import mock
from uuid import uuid4

from django.test import Client
from django.utils import timezone

from accounts.models import SocialAccount
from accounts.tests.register.cases import an_account
from core.clock import LONDON
from core.models import Notice
from core.roles import Post, Role
from incidents.comments.services.logging import Arrived, comment_log
from incidents.comments.services.offensive import Offence
from incidents.models import Comment
from people.models import Membership, School, User
from smgov.testing import a_person, a_school


@dataclass
class Team:
    """A school on Ravens Wood's preset, where an answer is due within 24 hours."""

    school: School
    account: SocialAccount
    bob: User  # heads the school
    cora: User  # is its Head of Communications, and its moderator
    lena: User  # leads the account
    milo: User  # moderates the account
    sue: User  # is a senior leader
    alice: User  # teaches, and holds no right on the account
    gina: User  # chairs the governors


def a_team(preset: str = "ravens-wood", **chosen: Any) -> Team:
    """The school, its people and its account; `chosen` overrides settings."""
    school = a_school("Hilltop", preset=preset, **chosen)
    people = {
        "bob": a_person("Bob Barnes", Role.HEADTEACHER, school),
        "cora": a_person("Cora Cook", Role.HEAD_OF_COMMS, school),
        "lena": a_person("Lena Lamb", Role.STAFF, school),
        "milo": a_person("Milo Marsh", Role.STAFF, school),
        "sue": a_person("Sue Sand", Role.SENIOR_LEADER, school),
        "alice": a_person("Alice Archer", Role.STAFF, school),
        "gina": a_person("Gina Gold", Role.GOVERNANCE, school, post=Post.CHAIR),
    }
    account = an_account(
        school, people["bob"], "Hilltop news", lead=people["lena"], moderators=[people["milo"]]
    )
    since_long_ago()
    return Team(school, account, **people)


def since_long_ago() -> None:
    """Everybody had their role before the days of these tests."""
    Membership.objects.update(starts=date(2025, 9, 1))


@contextmanager
def at(text: str):
    """The time stands at "2026-06-10 09:00" in London."""
    moment = datetime.fromisoformat(text).replace(tzinfo=LONDON)
    with mock.patch("django.utils.timezone.now", return_value=moment):
        yield moment


def a_comment(
    team: Team, actor: User | None = None, offence: Offence | None = None, **changes: Any
) -> Comment:
    """A comment, logged by Lena just now."""
    once = changes.pop("once", None) or uuid4()
    ago = changes.pop("hours_ago", 0)
    values = {
        "account": team.account,
        "author": "parent_of_two",
        "words": "When does the summer fair begin?",
        "kind": "query",
        "received_at": timezone.now() - timedelta(hours=ago),
        **changes,
    }
    return comment_log(
        actor=actor or team.lena, school=team.school, once=once, arrived=Arrived(**values), offence=offence
    )


def told(kind: str) -> list[str]:
    """First names of those who got a notice of a kind, in order."""
    names = Notice.objects.filter(kind=f"incidents.{kind}").values_list("recipient__full_name", flat=True)
    return sorted(name.split()[0] for name in names)


def did(comment: Comment) -> list[str]:
    """The steps of a comment, in order."""
    return list(comment.steps.order_by("pk").values_list("did", flat=True))


def browser(user: User) -> Client:
    """A browser of this person."""
    client = Client()
    client.force_login(user)
    return client
