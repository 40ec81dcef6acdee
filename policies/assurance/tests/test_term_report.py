"""The report of a term: put together from what is recorded, and counting nothing that its reader may not see."""

import csv
import io
import itertools
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.monitoring.tests.cases import a_sent_report, an_account, looked
from consent.coverage import Tally
from consent.models import Position
from consent.report_sections import rounded
from core.clock import LONDON
from core.models import AuditEvent
from core.roles import Role
from incidents.abuse.services import Seen, abuse_log
from incidents.models import Category, Comment, Concern
from people.models import School, User
from people.selectors import profile_of
from policies.assurance.sections import SECTIONS, Series, report_section, sections_for
from policies.assurance.spans import ReportTerm, before, terms_to_choose
from policies.models import Document, EducationEvent, Training, TrainingDuty, Version
from smgov.testing import Cast, a_cit_trust, a_person, a_school
from smgov.testing_consent import a_pupil, ask_about, consent_chosen

pytestmark = pytest.mark.django_db


def this_term(school: School) -> ReportTerm:
    """The present one."""
    profile = profile_of(school)
    span = terms_to_choose(profile)[0]
    return ReportTerm(span, before(span, profile))


def seen_by(user: User, school: School) -> dict[str, dict[str, object]]:
    """The sections that a person sees, with their numbers of this term."""
    fresh = User.objects.get(pk=user.pk)
    found = sections_for(fresh, school, this_term(school))
    return {one.key: {row.label: row.now for row in one.section.rows} for one in found}


def signed_in(user: User) -> Client:
    """A browser."""
    client = Client()
    client.force_login(user)
    return client


def at_noon(day):
    """A moment of a day."""
    return datetime(day.year, day.month, day.day, 12, tzinfo=LONDON)


def a_document(by: User, school: School, **more) -> Document:
    """A policy in force since today."""
    document = Document.objects.create(
        once=uuid4(), school=school, kind="social_media", title="Policy", created_by=by, **more
    )
    Version.objects.create(
        document=document, number=1, text="Words", sha256="0" * 64, state="in_force", made_by=by,
        in_force_from=timezone.localdate(),
    )  # fmt: skip
    return document


def an_entry(actor: User, school: School) -> None:
    """Abuse that was logged just now."""
    seen = Seen(
        timezone.now() - timedelta(seconds=1), "x", "Fools", "offensive", "school", elsewhere="A group"
    )
    abuse_log(actor=actor, school=school, once=uuid4(), seen=seen)


@pytest.fixture
def cast() -> Cast:
    """The trust."""
    return a_cit_trust()


@pytest.mark.clause("CIT-2.04")
@pytest.mark.clause("STM-2.01")
def test_a_governor_sees_how_the_policy_is_carried_out(cast):
    today = timezone.localdate()
    a_document(cast.cora, cast.hilltop, readers=["staff"], review_on=today - timedelta(days=1))
    a_document(cast.cora, cast.hub, for_trust=True)
    a_document(cast.cora, cast.otherplace)
    account = an_account(cast.hilltop, live_since=today)
    an_account(cast.otherplace)
    a_sent_report(cast.cora, cast.hilltop, accounts={account: looked("problem", "Old")})
    an_entry(cast.alice, cast.hilltop)
    TrainingDuty.objects.create(
        school=cast.hilltop, user=cast.alice, kind=Training.SAFEGUARDING, due_on=today - timedelta(days=1)
    )
    EducationEvent.objects.create(
        once=uuid4(), school=cast.hilltop, audience="pupils", medium="assembly", title="Be kind", on=today,
        state="held", attended=90, by=cast.alice,
    )  # fmt: skip
    found = seen_by(cast.chair, cast.hilltop)
    assert found["documents"]["In force now"] == 2
    assert found["documents"]["Review overdue now"] == 1
    assert found["documents"]["New versions that came into force"] == 2
    assert found["reading"]["Policy"].startswith("0 of ")
    assert found["training"]["Safeguarding and online safety"] == "0 of 1"
    assert found["education"]["Held for pupils"] == 1
    assert found["education"]["People who came"] == 90
    assert found["accounts"]["Live now"] == found["accounts"]["Went live"] == 1
    assert found["accounts"]["Too few administrators, or no lead, now"] == 1
    assert found["monitoring"]["Reports sent"] == 1
    assert found["monitoring"]["Times that something had to change"] == 1
    assert found["abuse"]["All entries"] == 1
    assert found["remit"]["Does it cover online safety?"] == "Nobody is safeguarding lead"


def test_each_reader_sees_only_what_their_role_may_count(cast):
    an_entry(cast.alice, cast.hilltop)
    dpo = a_person("Dora Data", Role.DPO, cast.hilltop)
    governor, officer = seen_by(cast.chair, cast.hilltop), seen_by(dpo, cast.hilltop)
    assert {"abuse", "concerns", "comments", "training"} <= set(governor)
    assert not {"abuse", "concerns", "comments", "training", "monitoring"} & set(officer)
    assert {"documents", "accounts", "network", "consent"} <= set(officer)
    assert "breaches" not in set(governor) | set(officer)


def test_nothing_of_another_school_is_counted(cast):
    an_account(cast.otherplace)
    an_entry(cast.eve, cast.otherplace)
    a_sent_report(cast.cora, cast.otherplace)
    found = seen_by(cast.elt, cast.hilltop)
    assert (
        found["accounts"]["Live now"]
        == found["abuse"]["All entries"]
        == found["monitoring"]["Reports sent"]
        == 0
    )
    with pytest.raises(PermissionDenied):
        seen_by(cast.chair, cast.otherplace)


def test_a_monitoring_report_counts_only_for_whoever_may_read_it(cast):
    a_sent_report(cast.cora, cast.hilltop)
    assert seen_by(cast.bob, cast.hilltop)["monitoring"]["Reports sent"] == 1
    late = a_person("Tess Trustee", Role.DSL, cast.hilltop)
    assert "monitoring" not in seen_by(late, cast.hilltop)


def test_concerns_are_counted_by_year_with_small_numbers_left_out(cast):
    for _ in range(3):
        Concern.objects.create(
            once=uuid4(), school=cast.hilltop, category=Category.CYBERBULLYING, reporter=cast.alice
        )
    found = sections_for(User.objects.get(pk=cast.chair.pk), cast.hilltop, this_term(cast.hilltop))
    section = next(one.section for one in found if one.key == "concerns")
    assert [row.now for row in section.rows if row.label == "All of these"] == ["Fewer than 5"]
    assert all(not str(row.now).isdigit() or int(row.now) >= 5 for row in section.rows)
    assert "breaches" not in {one.key for one in found}


def test_a_governor_reads_a_rounded_share_of_consent_and_no_number_of_pupils():
    assert rounded(Tally(39, 1, 0)) == "About 100%"
    assert rounded(Tally(30, 6, 4)) == "About 75%"
    assert rounded(Tally(9, 1, 0)).startswith("Not given")


def test_comments_are_in_time_late_or_still_open(cast):
    account, now = an_account(cast.hilltop), timezone.now()
    for answered, due in (
        (now, now),
        (now, now - timedelta(hours=1)),
        (None, now - timedelta(hours=1)),
        (None, None),
    ):
        Comment.objects.create(
            once=uuid4(), school=cast.hilltop, account=account, kind="comment", author="x", words="y",
            received_at=at_noon(timezone.localdate()), logged_by=cast.alice, due_at=due, answered_at=answered,
            answered_by=cast.alice if answered else None,
        )  # fmt: skip
    found = seen_by(cast.chair, cast.hilltop)["comments"]
    assert list(found.values()) == [4, 3, 1, 2, 0]


def test_terms_begin_in_the_months_of_the_profile():
    school = a_school(preset="st-marys", term_months=[2, 10])
    spans = terms_to_choose(profile_of(school))
    assert {span.first.month for span in spans} == {2, 10}
    assert all(newer.first - timedelta(days=1) == older.last for newer, older in itertools.pairwise(spans))
    assert spans[0].first <= timezone.localdate() <= spans[0].last


def test_a_chart_draws_numbers_and_says_what_is_not_given():
    series = Series("Chart", [("One", 4), ("Two", "Fewer than 5"), ("Three", 2)])
    assert [bar.width for bar in series.bars] == ["100.00%", "", "50.00%"]
    assert series.bars[1].words == "Two: Fewer than 5"
    assert Series("Share", [("One", 50)], "%", 100).bars[0].words == "One: 50%"


def test_a_chart_without_a_bar_is_left_out():
    assert Series("Chart", [("One", 4), ("Two", "Fewer than 5")]).says_something
    assert not Series("Chart", [("One", 0), ("Two", "Fewer than 5")]).says_something


def test_a_section_is_registered_once():
    with pytest.raises(ValueError, match="already"):
        report_section("accounts", "Again", 1)(lambda *a: None)
    assert [one.place for one in SECTIONS] == sorted(one.place for one in SECTIONS)


# The page


def test_the_page_shows_each_section_with_a_table(cast):
    page = signed_in(cast.chair).get(reverse("policies:term-report"))
    assert page.status_code == 200
    for one in page.context["parts"]:
        assert f'id="part-{one["key"]}"' in page.content.decode()
        assert f'id="table-{one["key"]}"' in page.content.decode()


def test_it_takes_at_most_fifteen_queries_at_more_rows_and_more_schools(cast):
    a_person("Della Safe", Role.DSL, cast.hilltop)
    question, *_ = ask_about(consent_chosen(cast.hilltop))
    counts = []
    for many in (1, 7):
        for number in range(many):
            account = an_account(cast.hilltop, f"Account {many} {number}")
            a_document(cast.cora, cast.hilltop, readers=["staff"])
            an_entry(cast.alice, cast.hilltop)
            a_sent_report(cast.cora, cast.hilltop, accounts={account: looked()})
            Concern.objects.create(
                once=uuid4(), school=cast.hilltop, category=Category.CYBERBULLYING, reporter=cast.alice
            )
            pupil = a_pupil(cast.hilltop, f"P{many}{number}")
            Position.objects.create(pupil=pupil, purpose=question, says="yes", since=timezone.now())
            School.objects.create(name=f"S{many}{number}", slug=f"s{many}{number}", trust=cast.hilltop.trust)
        counts.append(
            {one: queries_of(one, cast.hilltop) for one in (cast.chair, cast.bob, cast.cora, cast.elt)}
        )
    assert counts[0] == counts[1]
    assert max(counts[0].values()) <= 15, counts


def queries_of(user: User, school: School) -> int:
    """How many queries their report of a school takes, without those of the first page after signing in."""
    client, url = signed_in(user), reverse("policies:term-report")
    client.get(reverse("policies:remit-list"))
    with CaptureQueriesContext(connection) as queries:
        page = client.get(url, {"school": str(school.uuid)})
    assert len(page.context["parts"]) >= 9
    return len(queries)


def test_who_opens_it_and_whose_report_it_is(cast):
    url = reverse("policies:term-report")
    expected = {cast.bob: 200, cast.chair: 200, cast.cora: 200, cast.elt: 200, cast.alice: 403, cast.dan: 403}
    assert {one: signed_in(one).get(url).status_code for one in expected} == expected
    choice = signed_in(cast.elt).get(url)
    assert "Which school?" in choice.content.decode()
    other = {"school": str(cast.otherplace.uuid)}
    assert signed_in(cast.elt).get(url, other).status_code == 200
    assert signed_in(cast.bob).get(url, other).status_code == 404
    assert signed_in(cast.bob).get(url, {"term": "1999-01-01"}).status_code == 404
    past = terms_to_choose(profile_of(cast.hilltop))[3]
    assert signed_in(cast.bob).get(url, {"term": f"{past.first:%Y-%m-%d}"}).status_code == 200


def test_the_file_says_what_the_page_says(cast):
    a_document(cast.cora, cast.hilltop)
    url = reverse("policies:term-report-export")
    text = signed_in(cast.bob).get(url).content.decode("utf-8-sig")
    rows = {(row[0], row[1]): row[2] for row in csv.reader(io.StringIO(text))}
    assert rows["Policies and their reviews", "In force now"] == "1"
    assert AuditEvent.objects.filter(action="policies.term_report_exported", school=cast.hilltop).count() == 1
    assert signed_in(cast.alice).get(url).status_code == 403
    assert signed_in(cast.bob).get(url, {"school": str(cast.otherplace.uuid)}).status_code == 404
