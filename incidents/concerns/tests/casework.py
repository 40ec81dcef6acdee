"""Builders for work on a case."""

from datetime import timedelta
from typing import Any

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from incidents.concerns.services.actions import action_add
from incidents.concerns.services.sharing import case_share
from incidents.concerns.tests.cases import a_concern, read_by
from incidents.models import Action, Concern, Right, Share
from incidents.tests.cases import Crew
from people.models import User

NEXT_WEEK = timedelta(days=7)


def a_case(crew: Crew, *people: Any, reader: User | None = None, **told: Any) -> Concern:
    """A concern that its DSL, or another reader, has opened."""
    return read_by(reader or crew.dora, a_concern(crew, *people, **told))


def a_share(
    crew: Crew, concern: Concern, user: User, right: str = Right.READ, actor: User | None = None
) -> Share:
    """Somebody let in by name, for a week."""
    until = timezone.localdate() + NEXT_WEEK
    return case_share(
        actor=actor or crew.dora,
        concern=concern,
        user=user,
        right=right,
        reason="Teaches the class",
        until=until,
    )


def an_action(crew: Crew, concern: Concern, owner: User | None = None, text: str = "Ring home") -> Action:
    """Something to do within a week."""
    return action_add(
        actor=crew.dora,
        concern=concern,
        text=text,
        owner=owner or crew.dora,
        due_on=timezone.localdate() + NEXT_WEEK,
    )


def url(name: str, concern: Concern, *more: Any) -> str:
    """The address of a page about the case."""
    return reverse(f"incidents:{name}", args=[concern.uuid, *more])


def as_(user: User) -> Client:
    """A browser, signed in."""
    client = Client()
    client.force_login(user)
    return client


def refresh(user: User) -> User:
    """The same person without anything remembered."""
    return User.objects.get(pk=user.pk)
