"""Every page of policies, training, declarations, comments and background work, looked at by axe on a phone.

On a desk too nothing may scroll sideways. The world is that of the access suite, with one of everything, and the table of who opens what says as whom.
"""

import pytest

from core.roles import Role
from smgov.tests.access.addresses import every_address, path_of
from smgov.tests.access.rows import Row
from smgov.tests.access.table_assurance import ASSURANCE
from smgov.tests.access.table_clocks import CLOCKS
from smgov.tests.access.table_comments import COMMENTS
from smgov.tests.access.table_declarations import DECLARATIONS
from smgov.tests.access.table_documents import DOCUMENTS
from smgov.tests.access.table_reading import READING
from smgov.tests.access.table_reviews import REVIEWS
from smgov.tests.access.table_training import TRAINING
from smgov.tests.access.world import World, a_world

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PARTS: dict[str, dict[str, Row]] = {
    "documents and reviews": {**DOCUMENTS, **REVIEWS},
    "training and declarations": {**TRAINING, **DECLARATIONS},
    "reading, assurance, comments, background": {**READING, **ASSURANCE, **COMMENTS, **CLOCKS},
}
WIDEST = """() => [...document.querySelectorAll("main *")]
    .filter(one => one.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
    .slice(-3).map(one => one.outerHTML.slice(0, 200))"""
"""What stands out of the page to the right."""
FILES = ("-export", "-file", "-evidence", "-example", "core:feed")
"""Addresses that answer with a file and no page."""


AS_THEY_ARE = {"Chair", "Olive", "Sam", "pupil", "another", *(role.label for role in Role)}


def say(label: str) -> str:
    """Every typed text ends in a word that no phone has room for; the names of people stay as they are."""
    if label in AS_THEY_ARE:
        return f"Zanzibar {label}"
    return f"Zanzibar {label} {('-'.join(label.split()) * 60)[:58]}"


def visits(world: World, rows: dict[str, Row]) -> dict[str, list[tuple[str, str]]]:
    """Which pages each person opens: the headteacher where they may, else the first who may."""
    found: dict[str, list[tuple[str, str]]] = {}
    for address in every_address():
        row = rows.get(address.name)
        if row is None or not row.gets or not row.open or address.name.endswith(FILES):
            continue
        actors = row.open.split()
        actor = "headteacher" if "headteacher" in actors else actors[-1]
        found.setdefault(actor, []).append((address.name, path_of(address, world)))
    return found


@pytest.mark.parametrize("part", PARTS)
def test_axe_finds_nothing_and_nothing_scrolls_sideways(open_as, check, part: str) -> None:
    world = a_world("Zanzibar", say)
    looked_at, faults = 0, []
    for actor, pages in visits(world, PARTS[part]).items():
        page = open_as(world.people.get(actor) or world.things[actor], width=390)
        for name, path in pages:
            page.set_viewport_size({"width": 390, "height": 900})
            assert page.goto(path).status == 200, f"{name} as {actor}"
            try:
                check(page, names=f"{name} as {actor} on a phone")
            except AssertionError as fault:
                faults.append(f"{fault} {page.evaluate(WIDEST)}")
            page.set_viewport_size({"width": 1280, "height": 900})
            if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
                faults.append(f"{name} as {actor} scrolls sideways on a desk {page.evaluate(WIDEST)}")
            looked_at += 1
    assert not faults, "\n".join(faults)
    assert looked_at > 15
