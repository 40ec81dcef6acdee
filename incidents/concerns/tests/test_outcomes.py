"""What follows a concern is decided by people, and a case closes only when nothing is left open."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from consent.models import Pupil
from core.errors import Refused
from core.models import Notice
from core.roles import Role
from incidents.concerns.sanctions import Sanction
from incidents.concerns.services.outcomes import (
    case_close,
    case_reopen,
    parents_told,
    retention_extend,
    sanction_record,
)
from incidents.concerns.services.referrals import advice_record, referral_add
from incidents.concerns.services.sending import Somebody, let_in
from incidents.concerns.tests.cases import a_concern, a_concern_crew, a_pupil_harmed, by
from incidents.concerns.tests.closing import (
    a_case,
    a_staff_case,
    close,
    hour_ago,
    last,
    measure,
    refer,
    the_part,
)
from incidents.models import (
    Action,
    Body,
    Category,
    Concern,
    EntryKind,
    Outcome,
    Part,
    PartIn,
    RetainedAs,
    Right,
    Share,
    Sort,
    Status,
)
from incidents.tests.cases import page, recorded, text_of
from people.models import User
from smgov.testing import a_person, a_school, a_trust

pytestmark = pytest.mark.django_db


def a_staff_misuse(crew: Any, **told: Any) -> Concern:
    """A teacher's misuse, without a child; the headteacher has read it."""
    return a_case(crew, by(crew.mark), reader=crew.bob, **{"category": Category.MISUSE_STAFF, **told})


def a_pupil_case(crew: Any, **told: Any) -> Concern:
    """A pupil's doing, read by the DSL."""
    return a_case(crew, by(sort="pupil", words="Kit of 9B"), **told)


def a_parent_case(crew: Any) -> Concern:
    """A parent's doing, read by the headteacher."""
    who = by(sort="parent", words="A father")
    return a_case(crew, who, reader=crew.bob, category=Category.MISUSE_PARENT)


# Measures


@pytest.mark.clause("CIT-2.20", "CIT-4.10", "CIT-4.11", "CIT-4.12", "CIT-8.04")
def test_in_the_trust_the_headteacher_records_what_was_decided_about_staff() -> None:
    crew = a_concern_crew("cit")
    concern = a_staff_misuse(crew)
    for what in ("disciplinary", "dismissal", "prosecution"):
        measure(crew.bob, concern, what)
    entry = last(concern, EntryKind.SANCTION)
    assert entry.data["decided_by"] == str(crew.bob.uuid)
    assert recorded("incidents.concern_sanction") == 3
    text = page(crew.bob, reverse("incidents:case", args=[concern.uuid]))[1]
    assert "disrepute can lead to disciplinary action" in text
    assert "Dismissal: Mark Moor" in text
    assert "Decided by Bob Barnes" in text


@pytest.mark.clause("CIT-2.12")
def test_in_the_central_team_the_executive_team_does() -> None:
    trust = a_trust()
    hub = a_school("Support Hub", trust=trust, kind="central")
    crew = a_concern_crew("cit")
    ella = a_person("Ella Elt", Role.SENIOR_LEADER, trust, post="elt")
    worker, crew.alice = a_person("Wim Webb", Role.STAFF, hub), a_person("Ron Reed", Role.STAFF, hub)
    crew.school = hub
    concern = a_case(crew, by(worker), reader=ella, category=Category.HARASSMENT)
    measure(ella, concern, "suspension")
    assert last(concern, EntryKind.SANCTION).data["what"] == "suspension"


@pytest.mark.clause("STM-2.11", "STM-4.14", "STM-4.15", "STM-4.16", "STM-8.04")
def test_the_headteacher_records_measures_about_staff() -> None:
    crew = a_concern_crew()
    concern = a_staff_misuse(crew)
    measure(crew.bob, concern, "disciplinary", starts=date(2026, 1, 5), ends=date(2026, 2, 5))
    text = page(crew.bob, reverse("incidents:case", args=[concern.uuid]))[1]
    assert "From 5 January 2026 until 5 February 2026" in text
    assert "will lead to disciplinary action" in text


@pytest.mark.clause("BEC-4.10", "BEC-4.11", "BEC-6.05")
def test_disciplinary_action_educational_measures_and_lost_privileges_are_kinds_of_measure() -> None:
    crew = a_concern_crew("beckstone")
    concern = a_staff_misuse(crew)
    referral_add(
        actor=crew.bob,
        concern=concern,
        body=Body.LADO,
        not_made_because="No child",
        override="No child in it",
    )
    for what in ("disciplinary", "education", "privileges", "dismissal"):
        measure(crew.bob, concern, what)
    assert "gross misconduct" in page(crew.bob, reverse("incidents:case", args=[concern.uuid]))[1]


@pytest.mark.clause("BEC-6.06")
def test_a_suspension_is_the_headteachers_decision_and_never_happens_by_itself() -> None:
    crew = a_concern_crew("beckstone")
    concern = a_pupil_case(crew, category=Category.UNDER_AGE)
    assert not concern.entries.filter(kind=EntryKind.SANCTION).exists()
    with pytest.raises(Refused, match="decided by the Head"):
        measure(crew.dora, concern, "suspension")
    measure(crew.dora, concern, "suspension", decided_by=crew.bob)
    text = page(crew.dora, reverse("incidents:case", args=[concern.uuid]))[1]
    assert "The head decides; the portal never does" in text


def test_when_it_concerns_the_headteacher_the_chair_decides_on_a_suspension() -> None:
    crew = a_concern_crew()
    concern = a_case(crew, by(sort="head"), reader=crew.gina, category=Category.HARASSMENT)
    with pytest.raises(Refused):
        measure(crew.gina, concern, "suspension", decided_by=crew.bob)
    with pytest.raises(Refused):
        measure(crew.gina, concern, "disciplinary", decided_by=crew.bob)
    measure(crew.gina, concern, "suspension")


@pytest.mark.clause("RAV-5.10", "RAV-5.13")
def test_action_is_taken_and_may_follow_the_disciplinary_policy() -> None:
    crew = a_concern_crew("ravens-wood")
    concern = a_case(crew, by(crew.mark), reader=crew.bob, category=Category.HARASSMENT)
    measure(crew.bob, concern, "disciplinary")
    assert (
        "may go to disciplinary action" in page(crew.bob, reverse("incidents:case", args=[concern.uuid]))[1]
    )


@pytest.mark.clause("CBC-4.02", "CBC-6.02", "CBC-6.03", "CBC-7.05")
def test_the_management_committee_protects_the_school_and_its_people() -> None:
    crew = a_concern_crew("cbc")
    concern = a_staff_misuse(crew)
    referral = refer(crew.bob, concern, Body.HR)
    hold = {"actor": crew.bob, "referral": referral}
    with pytest.raises(Refused):
        measure(crew.bob, concern, "protective", decided_by=crew.gina, part=None)
    from_hr = {"advice": "Go on", "advised_at": hour_ago(0.2)}
    advice_record(**hold, **from_hr)
    with pytest.raises(Refused, match="Choose a governor"):
        measure(crew.bob, concern, "protective", part=None)
    measure(crew.bob, concern, "protective", decided_by=crew.gina, part=None)
    measure(crew.bob, concern, "disciplinary")
    text = page(crew.bob, reverse("incidents:case", args=[concern.uuid]))[1]
    assert "disciplinary procedure" in text


@pytest.mark.clause("STM-5.03", "STM-5.04", "STM-5.05", "CIT-5.03")
def test_a_parent_meets_the_headteacher_and_may_lose_the_ability_to_interact() -> None:
    crew = a_concern_crew()
    concern = a_parent_case(crew)
    for what in ("meeting", "interaction", "prosecution"):
        measure(crew.bob, concern, what)
    with pytest.raises(Refused, match="does not fit a parent"):
        measure(crew.bob, concern, "dismissal")
    assert "meet the headteacher" in page(crew.bob, reverse("incidents:case", args=[concern.uuid]))[1]
    other = a_concern_crew("cit")
    concern = a_parent_case(other)
    measure(other.bob, concern, "prosecution")
    assert "could lead to prosecution" in page(other.bob, reverse("incidents:case", args=[concern.uuid]))[1]


@pytest.mark.clause("CIT-6.10", "STM-6.10", "STM-9.04")
@pytest.mark.parametrize("preset", ["cit", "st-marys"])
def test_a_pupil_falls_under_the_behaviour_policy(preset: str) -> None:
    crew = a_concern_crew(preset)
    concern = a_pupil_case(crew, category=Category.CYBERBULLYING)
    measure(crew.dora, concern, "behaviour")
    measure(crew.dora, concern, "network_ban", starts=timezone.localdate())
    text = page(crew.dora, reverse("incidents:case", args=[concern.uuid]))[1]
    assert "Breaches are handled under the behaviour policy" in text


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"what": "flogging"}, "what"),
        ({"words": " "}, "words"),
        ({"decided_by": None}, "decided_by"),
        ({"starts": date(2026, 2, 2), "ends": date(2026, 2, 1)}, "ends"),
        ({"part": None}, "what"),
    ],
)
def test_a_measure_says_what_for_whom_and_who_decided(changes: dict, field: str) -> None:
    crew = a_concern_crew()
    concern = a_pupil_case(crew)
    values = {"what": "warning", **changes}
    with pytest.raises(Refused) as refusal:
        measure(crew.dora, concern, values.pop("what"), **values)
    assert refusal.value.field == field
    assert not concern.entries.filter(kind=EntryKind.SANCTION).exists()


def test_a_measure_is_for_whose_doing_it_is_and_recorded_once() -> None:
    crew = a_concern_crew()
    concern = a_case(crew, by(sort="pupil", words="Kit of 9B"), a_pupil_harmed("Pat of 8A"))
    with pytest.raises(Refused, match="whose doing"):
        measure(crew.dora, concern, "warning", part=the_part(concern, PartIn.VICTIM))
    measure(crew.dora, concern, "warning")
    with pytest.raises(Refused, match="already"):
        measure(crew.dora, concern, "warning")
    let_in(concern, crew.sue, Right.READ, Share.Why.SHARED, by=crew.dora)
    root = User.objects.create_superuser("root@example.org", "Root", "x")
    for user in (crew.sue, crew.alice, root):
        with pytest.raises(PermissionDenied):
            measure(User.objects.get(pk=user.pk), concern, "warning", words="Once more")


def test_somebody_of_another_school_decides_nothing() -> None:
    crew, other = a_concern_crew(), a_concern_crew()
    with pytest.raises(Refused):
        measure(crew.dora, a_pupil_case(crew), "warning", decided_by=other.bob)


@pytest.mark.clause("BEC-4.24")
def test_a_pupils_attempt_is_never_held_against_the_member_of_staff() -> None:
    crew = a_concern_crew("beckstone")
    harmed = Somebody(PartIn.VICTIM, Sort.STAFF, "", crew.mark)
    concern = a_case(
        crew, by(sort="pupil", words="Kit of 9B"), harmed, reader=crew.bob, category=Category.CONTACT_ATTEMPT
    )
    for what in Sanction.values:
        with pytest.raises(Refused, match="not held against the member of staff"):
            measure(crew.bob, concern, what, part=the_part(concern, PartIn.VICTIM))
    Part.objects.filter(concern=concern, sort=Sort.STAFF).update(part=PartIn.SUBJECT)
    part = Part.objects.get(concern=concern, sort=Sort.STAFF)
    with pytest.raises(Refused, match="not held against the member of staff"):
        measure(crew.bob, concern, "disciplinary", part=part)
    measure(crew.bob, concern, "behaviour", part=concern.parts.get(sort=Sort.PUPIL))


# Closing


@pytest.mark.clause("CIT-11.03", "STM-11.08", "CIT-8.04", "STM-8.04")
def test_closing_asks_for_outcome_reasons_and_whether_training_is_refreshed() -> None:
    crew = a_concern_crew()
    concern = a_pupil_case(crew)
    for changes, field in (
        ({"outcome": "whatever"}, "outcome"),
        ({"reasons": " "}, "reasons"),
        ({"refresh_training": None}, "refresh"),
        ({"outcome": "passed_on"}, "outcome"),
    ):
        with pytest.raises(Refused) as refusal:
            close(crew.dora, concern, **changes)
        assert refusal.value.field == field
    row = close(crew.dora, concern, outcome="substantiated", refresh_training=True)
    assert (row.status, row.outcome, row.refresh_training, row.closed_by) == (
        Status.CLOSED,
        Outcome.SUBSTANTIATED,
        True,
        crew.dora,
    )
    assert last(concern, EntryKind.CLOSED).body.text == "It is settled"
    with pytest.raises(Refused, match="The case is closed"):
        close(crew.dora, concern)
    with pytest.raises(Refused, match="The case is closed"):
        measure(crew.dora, concern, "warning")


def test_an_unread_case_is_read_first_and_nobody_else_closes_it() -> None:
    crew = a_concern_crew()
    concern = a_concern(crew)
    with pytest.raises(Refused, match="read it first"):
        close(crew.dora, concern)
    let_in(concern, crew.sue, Right.READ, Share.Why.SHARED, by=crew.dora)
    for user in (crew.sue, crew.alice, crew.bob):
        with pytest.raises(PermissionDenied):
            close(user, concern)


def test_actions_are_done_or_moved_first() -> None:
    crew = a_concern_crew()
    concern = a_pupil_case(crew)
    due = timezone.now() + timedelta(days=1)
    action = Action.objects.create(concern=concern, text="Call home", due_at=due, by=crew.dora)
    with pytest.raises(Refused, match="Finish these actions first: Call home"):
        close(crew.dora, concern)
    Action.objects.filter(pk=action.pk).update(done_at=timezone.now())
    close(crew.dora, concern)


@pytest.mark.clause("CIT-2.13", "CIT-2.21", "STM-2.12")
@pytest.mark.parametrize("outcome", ["unfounded", "malicious", "misplaced"])
def test_an_allegation_that_was_wrong_is_held_against_nobody(outcome: str) -> None:
    crew = a_concern_crew()
    concern = close(crew.bob, a_staff_misuse(crew), outcome=outcome)
    text = page(crew.bob, reverse("incidents:case", args=[concern.uuid]))[1]
    assert "not to be held against anybody" in text
    assert ("may itself be a concern" in text) == (outcome == "malicious")
    assert not concern.entries.filter(kind=EntryKind.SANCTION).exists()


def test_its_readers_hear_that_something_changed_and_not_what() -> None:
    crew = a_concern_crew()
    concern = a_staff_case(crew)
    refer(crew.bob, concern)
    close(crew.bob, concern)
    notice = Notice.objects.get(kind="incidents.concern_changed")
    assert notice.recipient == crew.dora


def test_it_is_opened_again_with_a_reason_and_closed_anew() -> None:
    crew = a_concern_crew()
    concern = a_pupil_case(crew)
    with pytest.raises(Refused, match="open already"):
        case_reopen(actor=crew.dora, concern=concern, reasons="Why not")
    close(crew.dora, concern, outcome="unfounded")
    with pytest.raises(Refused):
        case_reopen(actor=crew.dora, concern=concern, reasons=" ")
    with pytest.raises(PermissionDenied):
        case_reopen(actor=crew.alice, concern=concern, reasons="More came to light")
    row = case_reopen(actor=crew.dora, concern=concern, reasons="More came to light")
    assert (row.status, row.outcome, row.closed_at, row.keep_until) == (Status.OPEN, "", None, None)
    assert last(concern, EntryKind.REOPENED).data == {"outcome": "unfounded"}
    assert close(crew.dora, concern).outcome == Outcome.RESOLVED


def test_the_database_knows_no_closed_case_without_an_outcome() -> None:
    crew = a_concern_crew()
    concern = a_pupil_case(crew)
    with pytest.raises(IntegrityError), transaction.atomic():
        Concern.objects.filter(pk=concern.pk).update(status="closed", closed_at=timezone.now())


# How long it is kept


def test_a_case_is_kept_by_its_kind() -> None:
    crew = a_concern_crew()
    today = timezone.localdate()
    staff = close(crew.bob, a_staff_misuse(crew))
    assert (staff.retained_as, staff.keep_until.year) == (RetainedAs.STAFF, today.year + 10)
    parent = close(crew.bob, a_parent_case(crew))
    assert (parent.retained_as, parent.keep_until.year) == (RetainedAs.INCIDENT, today.year + 7)
    unknown = close(crew.dora, a_pupil_case(crew))
    assert (unknown.retained_as, unknown.keep_until) == (RetainedAs.CHILD, None)
    text = page(crew.dora, reverse("incidents:case", args=[unknown.uuid]))[1]
    assert "The date of birth is known" in text


def test_a_child_whose_birth_is_known_is_kept_from_there() -> None:
    crew = a_concern_crew()
    concern = a_pupil_case(crew)
    pupil = Pupil.objects.create(
        school=crew.school, first_name="Kit", last_name="Kale", born=date(2012, 2, 29)
    )
    Part.objects.filter(concern=concern).update(pupil=pupil)
    assert close(crew.dora, concern).keep_until == date(2037, 3, 1)


def over(concern: Concern) -> Concern:
    """Its day has come."""
    Concern.objects.filter(pk=concern.pk).update(keep_until=timezone.localdate() - timedelta(days=1))
    concern.refresh_from_db()
    return concern


def test_a_case_whose_day_has_come_is_looked_at_and_kept_longer() -> None:
    crew = a_concern_crew()
    concern = close(crew.bob, a_staff_misuse(crew))
    with pytest.raises(Refused, match="has not come yet"):
        retention_extend(actor=crew.bob, concern=concern, years=2, reason="A claim")
    over(concern)
    kept = reverse("incidents:concern-retention")
    assert concern.reference in page(crew.bob, kept)[1]
    assert concern.reference not in page(crew.dora, kept)[1]
    assert concern.reference not in page(crew.mark, kept)[1]
    for years, reason in ((0, "x"), (51, "x"), (None, "x"), (2, " ")):
        with pytest.raises(Refused):
            retention_extend(actor=crew.bob, concern=concern, years=years, reason=reason)
    with pytest.raises(PermissionDenied):
        retention_extend(actor=crew.dora, concern=concern, years=2, reason="A claim")
    row = retention_extend(actor=crew.bob, concern=concern, years=2, reason="A claim")
    assert row.keep_until.year == timezone.localdate().year + 2
    assert concern.reference not in page(crew.bob, kept)[1]
    with pytest.raises(Refused):
        retention_extend(actor=crew.bob, concern=a_staff_misuse(crew, what="Other"), years=2, reason="x")


# Parents


@pytest.mark.clause("BEC-4.25")
def test_the_parents_are_told_of_a_contact_attempt_or_it_is_said_why_not() -> None:
    crew = a_concern_crew("beckstone")
    told = {"category": Category.CONTACT_ATTEMPT}
    concern = a_case(crew, by(sort="pupil", words="Kit of 9B"), reader=crew.bob, **told)
    with pytest.raises(Refused, match="parents were told"):
        close(crew.bob, concern)
    for changes in (
        {"how": "owl"},
        {"when": timezone.now() + timedelta(days=1)},
        {"when": None},
        {"how": "not_told", "words": " "},
    ):
        values = {"when": hour_ago(), "how": "phone", "words": "", **changes}
        with pytest.raises(Refused):
            parents_told(actor=crew.bob, concern=concern, **values)
    parents_told(actor=crew.bob, concern=concern, when=hour_ago(), how="phone", words="They were calm")
    assert not concern.actions.filter(kind="parents", done_at=None).exists()
    with pytest.raises(PermissionDenied):
        parents_told(actor=crew.alice, concern=concern, when=hour_ago(), how="phone", words="")
    close(crew.bob, concern)
    second = a_case(crew, by(sort="pupil", words="Pat of 8A"), reader=crew.bob, **told)
    parents_told(actor=crew.bob, concern=second, when=None, how="not_told", words="It would put Pat at risk")
    close(crew.bob, second)


def test_elsewhere_nobody_must_tell_the_parents() -> None:
    crew = a_concern_crew()
    who = by(sort="pupil", words="Kit of 9B")
    close(crew.bob, a_case(crew, who, reader=crew.bob, category=Category.CONTACT_ATTEMPT))


# Pages


def test_closing_on_a_page_shows_what_stands_in_the_way_and_keeps_what_was_typed() -> None:
    crew = a_concern_crew("beckstone")
    concern = a_staff_misuse(crew)
    client = Client()
    client.force_login(crew.bob)
    url = reverse("incidents:concern-close", args=[concern.uuid])
    assert "Record the referral to the LADO" in text_of(client.get(url))
    data = {"outcome": "resolved", "reasons": "All is 🙂 settled", "refresh": "no"}
    refused = client.post(url, data)
    assert refused.status_code == 422
    assert "All is 🙂 settled" in refused.content.decode()
    referral_add(
        actor=crew.bob,
        concern=concern,
        body=Body.LADO,
        not_made_because="No child",
        override="No child in it",
    )
    assert client.post(url, data).status_code == 302
    assert client.post(url, data).status_code == 422
    reopen = reverse("incidents:concern-reopen", args=[concern.uuid])
    assert client.post(reopen, {"reasons": "More"}).status_code == 302


def test_measures_and_parents_are_recorded_on_pages() -> None:
    crew = a_concern_crew()
    concern = a_pupil_case(crew)
    client = Client()
    client.force_login(crew.dora)
    url = reverse("incidents:concern-sanction", args=[concern.uuid])
    assert "What pupils are told: Breaches are handled" in text_of(client.get(url))
    data = {
        "what": "warning",
        "part": str(the_part(concern).uuid),
        "words": "A talk",
        "decided_by": str(crew.bob.uuid),
    }
    assert client.post(url, {**data, "part": "x"}).status_code == 422
    assert client.post(url, data).status_code == 302
    parents = reverse("incidents:concern-parents", args=[concern.uuid])
    assert client.post(parents, {"how": "phone"}).status_code == 422
    assert client.post(parents, {"how": "not_told", "words": "Risk"}).status_code == 302


@pytest.mark.parametrize(
    "name", ["concern-close", "concern-sanction", "concern-parents", "concern-reopen", "concern-keep"]
)
def test_who_only_reads_is_refused_and_whom_it_concerns_finds_nothing(name: str) -> None:
    crew = a_concern_crew()
    concern = a_staff_case(crew)
    let_in(concern, crew.sue, Right.READ, Share.Why.SHARED, by=crew.bob)
    url = reverse(f"incidents:{name}", args=[concern.uuid])
    assert [page(user, url)[0] for user in (crew.bob, crew.sue, crew.mark, crew.alice)] == [
        200,
        403,
        404,
        404,
    ]


def test_sanctions_and_closing_want_a_person_who_may() -> None:
    crew = a_concern_crew()
    concern = a_staff_misuse(crew)
    with pytest.raises(PermissionDenied):
        sanction_record(actor=crew.mark, concern=concern, what="warning", words="x", decided_by=crew.mark)
    with pytest.raises(PermissionDenied):
        case_close(actor=crew.mark, concern=concern, outcome="resolved", reasons="x", refresh_training=False)
