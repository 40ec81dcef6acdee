"""Reporting a concern on the form: two questions, much that may stay empty, nothing that gets lost."""

from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from core.models import Notice
from incidents.concerns.selectors import on_the_road
from incidents.concerns.tests.cases import a_concern_crew
from incidents.concerns.tests.report_help import browser, last, path, send_form, shows
from incidents.models import (
    AbuseEntry,
    AbuseNature,
    Against,
    Channel,
    Concern,
    Evidence,
    Excluded,
    Part,
    PartIn,
    Sort,
    Source,
)
from incidents.tests.cases import a_report, page, text_of, whom
from smgov.testing import give
from smgov.tests.access.forms import date_parts

pytestmark = pytest.mark.django_db
ODD = "😀 ‏שלום‏ " + "w" * 300 + " <b>&amp;"


@pytest.fixture
def crew():
    return a_concern_crew()


def parts(concern: Concern) -> set[tuple[str, str, str]]:
    """Part, sort and name of everybody in it."""
    return {(one.part, one.sort, one.shown) for one in concern.parts.all()}


@pytest.mark.clause("CBC-4.04", "CIT-8.01", "STM-8.01")
def test_two_taps_lead_to_the_form_and_two_answers_are_enough(crew):
    client = browser(crew.alice)
    first = client.get(path("concern-start"))
    assert shows(first, "Is a child in danger now?")
    second = client.get(path("concern-start"), {"asked": "1", "danger": "no"})
    assert shows(second, "Could an indecent image of a child be involved?")
    third = client.get(path("concern-start"), {"asked": "2", "danger": "no", "could": "no"})
    assert third["Location"] == f"{path('concern-write')}?danger=no&could=no"
    form = client.get(third["Location"])
    assert not shows(form, "Is a child in danger now?")
    sent = send_form(client, crew, p1_sort=None, p1_pupil=None, source="child")
    assert sent["Location"] == path("concern-sent", last().uuid)
    assert on_the_road(last()) == [crew.dora]
    assert Notice.objects.filter(kind="incidents.concern", recipient=crew.dora).count() == 1


def test_a_question_without_an_answer_is_asked_again_and_says_so(crew):
    client = browser(crew.alice)
    for query in ({"asked": "1"}, {"asked": "2", "danger": "no"}, {"danger": "no", "could": "perhaps"}):
        assert client.get(path("concern-start"), query).status_code == 422


def test_a_child_in_danger_comes_before_everything(crew):
    client = browser(crew.alice)
    there = client.get(path("concern-start"), {"asked": "1", "danger": "yes"})
    assert there["Location"].startswith(path("concern-danger"))
    stop = client.get(there["Location"])
    assert shows(stop, "Call 999")
    assert shows(stop, "Tell the Designated Safeguarding Lead in person")
    on = client.get(path("concern-start"), {"asked": "2", "danger": "yes", "could": "no"})
    sent = send_form(client, crew, "?" + on["Location"].partition("?")[2], danger="yes")
    assert last().urgency == 1
    assert not shows(client.get(sent["Location"]), "999")
    late = send_form(client, crew, danger="yes")
    assert shows(client.get(late["Location"]), "call 999"), "who came without the question learns it now"


def test_whoever_comes_straight_to_the_form_is_asked_both_questions_there(crew):
    client = browser(crew.alice)
    form = client.get(path("concern-write"))
    assert shows(form, "Is a child in danger now?")
    assert shows(form, "Could an indecent image of a child be involved?")
    refused = send_form(client, crew, danger=None, could=None)
    assert refused.status_code == 422
    assert shows(refused, "Choose whether a child is in danger now")
    assert not Concern.objects.exists()


@pytest.mark.clause("CIT-8.02", "STM-8.02")
def test_who_is_harmed_and_who_tells_are_kept_apart_and_may_be_several(crew):
    client = browser(crew.alice)
    send_form(
        client,
        crew,
        rows="4",
        p2_sort="staff",
        p2_person=str(crew.mark.uuid),
        p3_part="victim",
        p3_sort="pupil",
        p3_pupil="Ann of 9C",
        p4_part="witness",
        p4_sort="parent",
        p4_parent="Kit’s mother",
        source="child",
        teller_child="Lou of 9B",
        child_said="He writes every night",
    )
    assert parts(last()) == {
        ("victim", "pupil", "Kit Kale of 9B"),
        ("victim", "pupil", "Ann of 9C"),
        ("subject", "staff", "Mark Moor"),
        ("witness", "parent", "Kit’s mother"),
        ("discloser", "pupil", "Lou of 9B"),
    }
    assert last().words.child_said == "He writes every night"
    send_form(client, crew, source="child")
    assert not last().parts.filter(part=PartIn.DISCLOSER).exists(), "the child who tells is the one harmed"
    assert last().words.source == Source.CHILD


def test_one_more_person_is_added_without_a_script_and_nothing_is_lost_or_judged(crew):
    client = browser(crew.alice)
    more = send_form(client, crew, add="1", what="", happened_where=ODD[:200], happened_on_day="32")
    assert more.status_code == 200
    text = more.content.decode()
    assert 'name="p3-sort"' in text
    assert 'name="rows" value="3"' in text
    assert "Kit Kale of 9B" in text
    assert 'value="32"' in text
    assert "😀" in text
    assert "govuk-error" not in text
    full = send_form(client, crew, add="1", rows="12")
    assert 'name="p13-sort"' not in full.content.decode()
    assert shows(full, "There is no room for more people here")
    assert send_form(client, crew, rows="9999999999").status_code == 302
    assert send_form(client, crew, rows="-5").status_code == 302
    assert Concern.objects.count() == 2


def test_a_further_person_has_a_part_and_a_colleague_is_chosen(crew):
    client = browser(crew.alice)
    refused = send_form(client, crew, rows="3", p2_sort="staff", p3_sort="other", p3_other=ODD[:100])
    assert refused.status_code == 422
    assert shows(refused, "Choose the member of staff, or that they are not on the list")
    assert shows(refused, "Choose what their part in it was")
    assert "😀" in refused.content.decode()
    stranger = a_concern_crew().mark
    assert send_form(client, crew, p2_sort="staff", p2_person=str(stranger.uuid)).status_code == 422
    assert not Concern.objects.exists()


def test_a_member_of_staff_without_a_sign_in_takes_the_road_of_staff(crew):
    client = browser(crew.alice)
    send_form(
        client,
        crew,
        category="harassment",
        p1_sort=None,
        p2_sort="staff",
        p2_person="other",
        p2_staff="Mr Supply",
    )
    assert parts(last()) == {("subject", "staff", "Mr Supply")}
    assert on_the_road(last()) == [crew.bob]
    send_form(client, crew, p2_sort="staff", p2_person="other")
    assert ("subject", "staff", "Unknown") in parts(last())
    typed = send_form(
        client,
        crew,
        category="harassment",
        p1_sort=None,
        p2_sort="staff",
        p2_person="other",
        p2_staff="Bob Barnes",
    )
    assert typed.status_code == 302
    assert crew.bob not in on_the_road(last())
    assert crew.gina in on_the_road(last())


def test_what_was_typed_survives_every_error(crew):
    client = browser(crew.alice)
    refused = send_form(
        client,
        crew,
        category=None,
        what=ODD,
        happened_when=ODD[:140],
        child_said=ODD,
        done=ODD,
        wishes=ODD,
        p2_sort="other",
        p2_other="Somebody from the park",
        **date_parts("happened_on", timezone.localdate().replace(year=2999, day=1)),
    )
    assert refused.status_code == 422
    assert shows(refused, "Choose what it is about")
    text = refused.content.decode()
    assert text.count("😀") == 5
    assert "Somebody from the park" in text
    assert 'value="2999"' in text
    assert "&lt;b&gt;&amp;amp;" in text
    assert "no-store" in refused["Cache-Control"]
    assert not Concern.objects.exists()


def test_sent_twice_it_is_one_concern_and_with_other_words_two(crew):
    client = browser(crew.alice)
    once = str(uuid4())
    first, second = (send_form(client, crew, once=once) for _ in range(2))
    assert first["Location"] == second["Location"]
    assert Concern.objects.count() == 1
    send_form(client, crew, once=once, what="Messages, and a threat")
    assert Concern.objects.count() == 2
    send_form(client, crew, once=once, p2_sort="staff", p2_person=str(crew.mark.uuid))
    assert Concern.objects.count() == 3, "another person is another concern"


@pytest.mark.clause("BEC-4.33")
def test_who_told_it_changes_the_steps_that_are_shown(crew):
    form = page(crew.alice, path("concern-write"))[1]
    assert "Stay calm, thank them, and explain what happens next" in form
    assert "Do not promise to keep it secret" in form


@pytest.mark.clause("BEC-4.34")
def test_what_a_colleague_told_is_kept_between_the_two_and_the_road(crew):
    client = browser(crew.alice)
    send_form(client, crew, source="staff", teller_staff=str(crew.sue.uuid))
    assert last().confidential
    assert ("discloser", "staff", "Sue Sand") in parts(last())
    send_form(client, crew)
    assert not last().confidential
    send_form(client, crew, confidential="on")
    assert last().confidential


def test_the_working_day_is_asked_where_the_profile_has_a_rule_for_it(crew):
    assert "It happened in the working day" not in page(crew.alice, path("concern-write"))[1]
    other = a_concern_crew("beckstone")
    assert "It happened in the working day" in page(other.alice, path("concern-write"))[1]
    send_form(browser(other.alice), other, category="misuse_staff", in_hours="on", p1_sort=None)
    assert last().words.in_hours
    assert on_the_road(last()) == [other.dora]


@pytest.mark.clause("RAV-10.07")
@pytest.mark.parametrize("preset", ["ravens-wood", "st-marys"])
def test_a_mistake_of_ones_own_goes_to_whoever_hears_of_misuse_and_not_to_oneself(preset):
    crew = a_concern_crew(preset)
    send_form(
        browser(crew.alice), crew, category="own_mistake", what="A post on the wrong account", p1_sort=None
    )
    assert on_the_road(last())
    assert crew.alice not in on_the_road(last())
    send_form(browser(crew.bob), crew, category="own_mistake", what="A wrong post", p1_sort=None)
    assert crew.bob not in on_the_road(last())
    assert on_the_road(last())
    assert Excluded.objects.filter(concern=last(), user=crew.bob).exists()


def test_a_breach_of_data_protection_says_when_it_came_to_be_known(crew):
    client = browser(crew.alice)
    sent = send_form(
        client,
        crew,
        category="data_breach",
        p1_sort=None,
        aware_time="09.15",
        **date_parts("aware_on", timezone.localdate().replace(day=1)),
    )
    assert sent.status_code == 302
    assert timezone.localtime(last().breach.aware_at).strftime("%d %H:%M") == "01 09:15"
    assert (last().breach.due_at - last().breach.aware_at).total_seconds() == 72 * 3600
    send_form(client, crew, category="data_breach", p1_sort=None)
    assert abs((last().breach.aware_at - last().at).total_seconds()) < 60
    bad = send_form(client, crew, category="data_breach", aware_time="quarter past")
    assert shows(bad, "Enter a time with hours and minutes")


@pytest.mark.clause("RAV-5.08")
@pytest.mark.parametrize("category", ["defamation", "hate", "harassment", "data_breach"])
def test_what_breaks_the_policy_reaches_a_senior_member_of_staff_at_once(category):
    crew = a_concern_crew("ravens-wood", misuse_recipient=["senior_leader"])
    send_form(
        browser(crew.alice), crew, category=category, p1_sort=None, p2_sort="parent", p2_parent="A father"
    )
    senior = {crew.sue, crew.bob, crew.ella}
    assert senior & set(on_the_road(last()))
    assert Notice.objects.filter(kind="incidents.concern", recipient__in=senior).exists()


@pytest.mark.clause("BEC-4.40")
def test_bullying_that_began_outside_the_school_is_taken_in_like_any_other():
    crew = a_concern_crew("beckstone")
    assert "Also where it began outside the school" in page(crew.alice, path("concern-write"))[1]
    send_form(browser(crew.alice), crew, happened_where="At the weekend, in a game")
    assert on_the_road(last()) == [crew.dora]


def test_a_contributor_reports_and_somebody_of_another_school_cannot(crew):
    assert send_form(browser(crew.carl), crew).status_code == 302
    other = a_concern_crew()
    assert send_form(browser(other.alice), crew).status_code == 404
    assert Concern.objects.count() == 1


def test_no_file_is_taken_whatever_is_sent(crew):
    file = SimpleUploadedFile("picture.jpg", b"\xff\xd8\xff", content_type="image/jpeg")
    assert send_form(browser(crew.alice), crew, file=file, evidence=file).status_code == 302
    assert not Evidence.objects.exists()


def test_a_report_about_a_person_becomes_a_concern_and_points_back(crew):
    report = a_report(crew, who=whom("staff", person=crew.mark))
    query = f"?report={report.uuid}&danger=no&could=no"
    form = browser(crew.bob).get(path("concern-write") + query)
    assert shows(form, "On the screen in room 4")
    assert f'value="{crew.mark.uuid}" selected' in form.content.decode()
    assert send_form(browser(crew.bob), crew, query).status_code == 302
    assert last().report == report
    for user in (crew.mark, crew.sue, crew.dora):
        assert browser(user).get(path("concern-write") + query).status_code == 404
        assert send_form(browser(user), crew, query).status_code == 404
    assert browser(crew.bob).get(path("concern-write") + "?report=nonsense").status_code == 404
    assert Concern.objects.count() == 1


def test_an_entry_of_the_abuse_log_becomes_a_concern_and_its_words_are_filled_in(crew):
    entry = AbuseEntry.objects.create(
        once=uuid4(),
        school=crew.school,
        elsewhere="A local group",
        seen_at=timezone.now(),
        author="angry_42",
        words="I know where she lives",
        nature=AbuseNature.THREAT,
        against=Against.STAFF,
        by=crew.alice,
    )
    query = f"?abuse={entry.uuid}&danger=no&could=no"
    start = browser(crew.alice).get(path("concern-start") + f"?abuse={entry.uuid}&asked=1&danger=no")
    assert f'name="abuse" value="{entry.uuid}"' in start.content.decode()
    form = browser(crew.alice).get(path("concern-write") + query)
    assert shows(form, "angry_42: I know where she lives")
    assert "A local group" in form.content.decode()
    send_form(browser(crew.alice), crew, query, category="harassment")
    assert last().abuse == entry
    assert browser(crew.carl).get(path("concern-write") + query).status_code == 404
    assert send_form(browser(crew.carl), crew, query).status_code == 404


def test_a_form_on_paper_is_keyed_in_with_its_day_and_its_writer(crew):
    client = browser(crew.alice)
    blank = page(crew.alice, path("concern-blank"))[1]
    assert "Call 999 first" in blank
    assert crew.school.name in blank
    assert "give this form to the Designated Safeguarding Lead in person" in blank
    assert send_form(client, crew, "?paper=1").status_code == 422
    day = timezone.localdate().replace(day=1)
    send_form(client, crew, "?paper=1", reporter_is="Carl Cole", **date_parts("written_on", day))
    assert (last().channel, last().words.written_on, last().words.reporter_is) == (
        Channel.PAPER,
        day,
        "Carl Cole",
    )


def test_somebody_of_two_schools_chooses_and_what_was_answered_is_carried_on(crew):
    other = a_concern_crew()
    from_both = crew.alice
    give(from_both, "staff", other.school)
    response = browser(from_both).get(path("concern-write") + "?danger=no&could=no&paper=1")
    assert shows(response, "Which school is it about?")
    assert '<input type="hidden" name="paper" value="1">' in response.content.decode()
    assert browser(from_both).post(path("concern-write"), {"what": "x"}).status_code == 404


def test_nobody_named_is_still_a_concern(crew):
    send_form(browser(crew.alice), crew, p1_sort="unknown", p1_pupil=None)
    assert parts(last()) == {(PartIn.VICTIM, Sort.UNKNOWN, "I do not know")}
    assert Part.objects.count() == 1


def test_the_pages_of_reporting_cost_few_queries(crew, django_assert_max_num_queries):
    client = browser(crew.alice)
    client.get(path("concern-start"))
    with django_assert_max_num_queries(15):
        assert "Send the report" in text_of(client.get(path("concern-write")))
