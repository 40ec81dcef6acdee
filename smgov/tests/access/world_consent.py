"""What the world holds about consent: one of everything, its words planted where somebody could have typed."""

from typing import Any

from consent.models import PostSearch
from core.roles import Role
from smgov.testing_consent import a_contact, a_pupil, ask_about, consent_chosen, says


def consent_things(world: Any) -> None:
    """A class with two pupils, their contacts, answers of every kind, and what follows from them."""
    school, say, things = world.school, world.say, world.things
    consent_chosen(school)
    purposes = ask_about(school, world.people[Role.DPO])
    things["purpose"] = purposes[0]
    things["pupil"] = a_pupil(school, first(say("Pupil")), class_name=say("5A")[:40])
    things["sibling"] = a_pupil(school, first(say("Sibling")), class_name=say("3B")[:40])
    things["contact"] = a_contact(
        things["pupil"], things["sibling"], name=say("Mother"), relationship=say("mother")[:60]
    )
    stranger = a_contact(things["pupil"], name=say("Uncle"), responsibility="unknown")
    office = world.people[Role.OFFICE]
    says(things["pupil"], True, things["contact"], actor=office, words=say("by letter"))
    things["reply_to_check"] = says(things["pupil"], True, stranger, actor=office)
    says(things["pupil"], False, things["contact"], actor=office, words=say("changed my mind"))
    things["search"] = PostSearch.objects.get(pupil=things["pupil"])


def first(words: str) -> str:
    """As a first name and a last name, both planted."""
    return f"{words[:90]} {words[:90]}"
