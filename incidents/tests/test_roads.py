"""The road of every kind of incident, with every combination of who it is about and what the school chose."""

import itertools

import pytest

from incidents.models import About
from incidents.roads import (
    CHAIR,
    ELT,
    RoadNotChosen,
    Step,
    bypass_road,
    content_road,
    image_road,
    settled,
)
from people.governance.profile import Profile

CHOSEN = {
    "content_report_recipient": ["it", "office"],
    "staff_concern_recipient": ["headteacher"],
    "staff_concern_recipient_central": ["hr"],
    "head_concern_recipient": ["governance/chair"],
    "pupil_concern_also_to": ["headteacher"],
}


def profile(**changes) -> Profile:
    return Profile.resolve("st-marys", None, {**CHOSEN, **changes})


def specs(steps: list[Step], wanted: str = "reads") -> set[str]:
    return {step.spec for step in steps if getattr(step, wanted)}


CONTENT = {
    (About.UNKNOWN,): {"it", "office", "dsl"},
    (About.OTHER,): {"it", "office", "dsl"},
    (About.PUPIL,): {"dsl", "headteacher"},
    (About.STAFF,): {"headteacher"},
    (About.HEAD,): {"governance/chair"},
    (About.PUPIL, About.STAFF): {"dsl", "headteacher"},
    (About.PUPIL, About.HEAD): {"dsl", "headteacher", "governance/chair"},
    (About.STAFF, About.HEAD): {"headteacher", "governance/chair"},
}


@pytest.mark.parametrize("about", CONTENT)
def test_content_goes_to_whom_the_policy_names(about) -> None:
    steps = content_road(profile(), about, central=False)
    assert specs(steps) == CONTENT[about]
    blocking = {"it", "office"} if about[0] in (About.UNKNOWN, About.OTHER) else set()
    assert specs(steps, "blocks") == blocking
    assert not specs(steps, "decides")


@pytest.mark.clause("STM-9.05", "CIT-9.04")
def test_where_nobody_is_known_the_technician_hears_it_and_so_does_the_dsl() -> None:
    for preset in ("st-marys", "cit"):
        assert specs(content_road(Profile.resolve(preset), [About.UNKNOWN], central=False)) == {"it", "dsl"}


def test_colleagues_of_the_central_team_have_a_road_of_their_own() -> None:
    assert specs(content_road(profile(), [About.STAFF], central=True)) == {"hr"}
    same = profile(staff_concern_recipient_central=None)
    assert specs(content_road(same, [About.STAFF], central=True)) == {"headteacher"}


@pytest.mark.parametrize(
    ("about", "key"),
    [
        (About.UNKNOWN, "content_report_recipient"),
        (About.OTHER, "content_report_recipient"),
        (About.STAFF, "staff_concern_recipient"),
        (About.HEAD, "head_concern_recipient"),
    ],
)
def test_what_a_school_has_not_chosen_closes_that_road_and_no_other(about, key) -> None:
    with pytest.raises(RoadNotChosen) as error:
        content_road(profile(**{key: None}), [about], central=False)
    assert error.value.key == key
    for other in set(About) - {about}:
        if key == "content_report_recipient" and other in (About.UNKNOWN, About.OTHER):
            continue
        assert content_road(profile(**{key: None}), [other], central=False)


@pytest.mark.parametrize("preset", ["beckstone", "ravens-wood", "cbc"])
def test_nothing_falls_back_to_the_headteacher_where_a_policy_is_silent_about_them(preset) -> None:
    with pytest.raises(RoadNotChosen):
        content_road(Profile.resolve(preset), [About.HEAD], central=False)


def test_the_dsl_always_hears_of_a_pupil_whatever_is_chosen() -> None:
    empty = {key: None for key in CHOSEN if key != "pupil_concern_also_to"} | {"pupil_concern_also_to": []}
    assert specs(content_road(profile(**empty), [About.PUPIL], central=False)) == {"dsl"}


IMAGE = {
    (About.UNKNOWN,): {"dsl", "office"},
    (About.OTHER,): {"dsl", "office"},
    (About.PUPIL,): {"dsl", "headteacher"},
    (About.STAFF,): {"dsl", "headteacher"},
    (About.HEAD,): {"dsl", "governance/chair"},
    (About.PUPIL, About.HEAD): {"dsl", "headteacher", "governance/chair"},
}


@pytest.mark.parametrize("about", IMAGE)
def test_an_indecent_image_goes_to_the_dsl_and_the_road_of_the_person_and_no_technician(about) -> None:
    assert specs(image_road(profile(), about, central=False)) == IMAGE[about]


@pytest.mark.parametrize("about", list(About))
@pytest.mark.parametrize("open_key", CHOSEN)
def test_the_road_of_an_indecent_image_is_never_closed(about, open_key) -> None:
    value = [] if open_key == "pupil_concern_also_to" else None
    assert "dsl" in specs(image_road(profile(**{open_key: value}), [about], central=False))


@pytest.mark.parametrize(
    ("about", "readers", "deciders"),
    [
        ((About.PUPIL,), {"headteacher", "dsl", "it", "senior_leader"}, {"headteacher"}),
        ((About.STAFF,), {"headteacher"}, {"headteacher"}),
        ((About.HEAD,), {"governance/chair"}, {"governance/chair"}),
        ((About.PUPIL, About.STAFF), {"headteacher", "dsl"}, {"headteacher"}),
        (
            (About.STAFF, About.HEAD),
            {"headteacher", "governance/chair"},
            {"headteacher", "governance/chair"},
        ),
    ],
)
def test_the_headteacher_decides_on_a_ban_but_not_where_it_is_about_them(about, readers, deciders) -> None:
    steps = bypass_road(profile(), about, central=False)
    assert specs(steps) == readers
    assert specs(steps, "decides") == deciders
    assert not specs(steps, "blocks")


def test_where_the_staff_road_leads_past_the_headteacher_its_recipients_decide() -> None:
    steps = bypass_road(profile(staff_concern_recipient=["senior_leader"]), [About.STAFF], central=False)
    assert specs(steps, "decides") == {"senior_leader"}


NOBODY, CHAIR_ONLY, ELT_ONLY = set(), {CHAIR}, {ELT}


@pytest.mark.parametrize(
    ("heard", "expected"),
    [
        ({"dsl", CHAIR, ELT}, {"dsl", "it"}),
        ({CHAIR, ELT}, {CHAIR}),
        (ELT_ONLY, {ELT}),
        (NOBODY, set()),
    ],
)
def test_an_emptied_road_goes_to_the_chair_then_the_executive_team_then_nobody(heard, expected) -> None:
    road = [Step("dsl"), Step("it", blocks=True)]
    assert specs(settled(road, heard.__contains__)) == expected


def test_a_technicians_part_alone_is_no_reader() -> None:
    road = [Step("dsl"), Step("it", reads=False, blocks=True)]
    assert specs(settled(road, {"it", CHAIR}.__contains__)) == {CHAIR}


def test_no_step_stands_twice_in_any_road() -> None:
    for size in (1, 2, 3):
        for about in itertools.combinations(About, size):
            for road in (content_road, image_road, bypass_road):
                for central in (False, True):
                    found = [step.spec for step in road(profile(), about, central=central)]
                    assert len(found) == len(set(found))
