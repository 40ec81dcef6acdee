"""Who may run an account: the last yes waits until everybody has read what is asked for and was trained."""

import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.choices import Right
from accounts.models import AccountRequest, AccountRight, RightsRequest, SocialAccount
from accounts.services.register import account_enter
from accounts.services.rights import rights_ask
from approvals.models import ApprovalRequest
from core.errors import Refused
from core.models import Notice, Platform
from core.roles import Post, Role
from core.todo import for_user
from people.models import Membership, School, User
from people.selectors import profile_of
from policies.models import Refresh, Training, TrainingDuty, TrainingRecord
from policies.reading.gate import missing_for
from policies.reading.tests.cases import TODAY, a_document, in_force, read, trained
from smgov.testing import a_person, a_school, a_trust, choose, decide, submitted

pytestmark = pytest.mark.django_db
RAVENS_WOOD = {"runner_reads": True, "runner_training": True}
CIT = {"runner_training": True}
ST_MARYS = {"runner_terms": True, "runner_training": True}


class Wood:
    """Ravens Wood: a volunteer and a teacher would run an account, two sign."""

    def __init__(self) -> None:
        self.school = a_school("Ravens Wood", preset="ravens-wood", **RAVENS_WOOD)
        self.tess = a_person("Tess Thorn", Role.STAFF, self.school)
        self.vera = a_person("Vera Vole", Role.CONTRIBUTOR, self.school)
        self.mo = a_person("Mo Moss", Role.HEAD_OF_COMMS, self.school)
        self.leader = a_person("Sue Leader", Role.SENIOR_LEADER, self.school)
        self.manager = a_person("Bea Bloom", Role.SENIOR_LEADER, self.school, post=Post.BUSINESS_MANAGER)


@pytest.fixture
def wood() -> Wood:
    return Wood()


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def lacking(school: School, *people: User, platform: str = "facebook") -> list[list[str]]:
    found = missing_for(
        school=school,
        people=people,
        platform=Platform.objects.get(slug=platform),
        profile=profile_of(school),
    )
    return [found[user.pk] for user in people]


def an_account(school: School, status: str = "live") -> SocialAccount:
    return SocialAccount.objects.create(
        school=school,
        platform=Platform.objects.get(slug="facebook"),
        name="Wood news",
        status=status,
        live_since=TODAY(),
    )


def holds(account: SocialAccount, user: User, right: str = Right.ADMINISTRATOR) -> AccountRight:
    approval = ApprovalRequest.objects.create(
        kind="rights", school=account.school, title="Given", requested_by=user, status="approved"
    )
    return AccountRight.objects.create(
        account=account, user=user, right=right, granted_at=timezone.now(), approval=approval
    )


# The last yes --------------------------------------------------------------------------------


@pytest.mark.clause("RAV-3.09", "RAV-3.10", "RAV-3.11")
def test_a_new_account_is_approved_when_everybody_has_read_and_was_trained_employed_or_not(wood) -> None:
    version = in_force(a_document(wood.school))
    request = submitted(wood.tess, wood.school, administrators=[wood.tess, wood.vera])
    decide(request, wood.mo)
    with pytest.raises(Refused) as refusal:
        decide(request, wood.manager)
    for words in (
        "Tess Thorn has not said",
        "Vera Vole has not said",
        "Vera Vole has no training",
        "Policies",
    ):
        assert words in refusal.value.message
    assert not SocialAccount.objects.exists()
    for user in (wood.tess, wood.vera):
        read(user, version)
    trained(wood.tess, wood.school)
    with pytest.raises(Refused) as refusal:
        decide(request, wood.manager)
    assert "Tess Thorn" not in refusal.value.message
    trained(wood.vera, wood.school)
    decide(request, wood.manager)
    assert SocialAccount.objects.get().status == "approved"


@pytest.mark.clause("RAV-3.09", "RAV-3.10", "RAV-3.11")
def test_the_decision_page_shows_who_is_ready_and_a_refused_yes_says_why(wood) -> None:
    version = in_force(a_document(wood.school))
    read(wood.tess, version)
    trained(wood.tess, wood.school)
    request = submitted(wood.tess, wood.school, administrators=[wood.tess, wood.vera])
    decide(request, wood.mo)
    page = f"/approvals/{request.uuid}/"
    client = client_of(wood.manager)
    shown = client.get(page)
    assert shown.status_code == 200
    text = shown.content.decode()
    assert "Who may run it" in text
    assert "Ready" in text
    assert "Not ready yet" in text
    sent = {
        "outcome": "approved",
        "typed_name": "Bea Bloom",
        "reasons": "",
        "step": request.steps.get(status="current").pk,
        "seen": request.rounds.last().hash,
    }
    answer = client.post(page, sent)
    assert answer.status_code == 422
    assert "Vera Vole has no training" in answer.content.decode()
    own = client_of(wood.tess).get(f"/requests/{AccountRequest.objects.get(approval=request).uuid}/")
    assert "Who may run it" in own.content.decode()


@pytest.mark.clause("RAV-3.09", "RAV-3.10", "RAV-3.11")
def test_an_account_that_existed_is_confirmed_when_those_named_are_ready(wood) -> None:
    account = account_enter(
        actor=wood.mo,
        school=wood.school,
        once=uuid.uuid4(),
        values={"name": "Choir", "platform": Platform.objects.get(slug="x"), "handle": "@c"},
        people=[(wood.mo, Right.LEAD), (wood.vera, Right.ADMINISTRATOR)],
    )
    with pytest.raises(Refused, match="none is in force at Ravens Wood"):
        decide(account.confirmation, wood.manager)
    version = in_force(a_document(wood.school))
    for user in (wood.mo, wood.vera):
        read(user, version)
        trained(user, wood.school, "facebook" if user == wood.vera else "")
    with pytest.raises(Refused, match="Vera Vole has no training in running an account on X"):
        decide(account.confirmation, wood.manager)
    trained(wood.vera, wood.school, "x")
    decide(account.confirmation, wood.manager)
    account.refresh_from_db()
    assert account.status == "live"


@pytest.mark.clause("RAV-3.11")
@pytest.mark.parametrize("right", [Right.ADMINISTRATOR, Right.POSTER, Right.LEAD])
def test_a_right_is_given_to_nobody_who_is_not_ready_and_taken_from_anybody(wood, right) -> None:
    account, user = an_account(wood.school), wood.tess
    request = rights_ask(actor=wood.mo, account=account, user=user, right=right)
    with pytest.raises(Refused, match="Tess Thorn"):
        decide(request.approval, wood.leader)
    read(user, in_force(a_document(wood.school)))
    trained(user, wood.school)
    decide(request.approval, wood.leader)
    assert AccountRight.objects.filter(user=user, right=right, ended_at=None).exists()
    owed = TrainingDuty.objects.filter(user=user, kind=Training.PLATFORM)
    assert owed.exists(), "owed from the moment of the right, not from the night after it"
    TrainingRecord.objects.update(withdrawn_at=timezone.now())
    ending = rights_ask(actor=wood.mo, account=account, user=user, right=right, move=RightsRequest.Move.END)
    decide(ending.approval, wood.leader)
    assert not AccountRight.objects.filter(ended_at=None).exists()
    assert not owed.exists()


def test_a_refusal_and_a_no_need_nobody_to_be_ready(wood) -> None:
    request = submitted(wood.tess, wood.school, administrators=[wood.tess])
    decide(request, wood.mo)
    decide(request, wood.manager, "refused")
    request.refresh_from_db()
    assert request.status == "refused"


# What counts ---------------------------------------------------------------------------------


@pytest.mark.clause("CIT-3.16", "STM-3.15")
def test_training_counts_while_it_lasts_for_the_platform_and_from_this_school_or_its_trust() -> None:
    trust = a_trust()
    school, sister = a_school("Here", trust=trust, **CIT), a_school("Sister", trust=trust)
    stranger = a_school("Elsewhere")
    people = [a_person(f"Person {number}", Role.STAFF, school) for number in range(8)]
    day = timedelta(days=1)
    trained(people[0], school)
    trained(people[1], school, "facebook", until=TODAY())
    trained(people[2], sister)
    trained(people[3], school, "x")
    trained(people[4], school, until=TODAY() - day)
    trained(people[5], stranger)
    trained(people[6], school, withdrawn_at=timezone.now())
    found = [not words for words in lacking(school, *people)]
    assert found == [True, True, True, False, False, False, False, False]
    refresh = Refresh.objects.create(
        once=uuid.uuid4(),
        school=school,
        kinds=["platform"],
        reason="After what happened",
        since=TODAY(),
        due_on=TODAY() + 30 * day,
        by=people[0],
    )
    assert all(words for words in lacking(school, *people)), "older training does not count any more"
    Membership.objects.filter(user=people[1]).update(starts=TODAY() + day)
    Membership.objects.filter(user=people[2]).update(ends=TODAY() - day, starts=TODAY() - 9 * day)
    assert lacking(school, *people[:3])[1:] == [[], []], "nobody who was not there on that day is meant"
    Membership.objects.filter(user__in=people[1:3]).update(starts=TODAY(), ends=None)
    trained(people[3], school, on=TODAY())
    assert lacking(school, people[3]) == [[]]
    refresh.called_off_at = timezone.now()
    refresh.save()
    assert [not words for words in lacking(school, *people[:3])] == [True, True, True]


@pytest.mark.clause("CIT-3.16")
@pytest.mark.parametrize(
    ("interval", "days", "counts"), [("yearly", 300, True), ("yearly", 370, False), ("induction", 900, True)]
)
def test_training_runs_out_by_the_interval_of_the_school(interval: str, days: int, counts: bool) -> None:
    school = a_school("Here", **CIT, training_intervals={"runners": interval})
    user = a_person("Tess Thorn", Role.STAFF, school)
    trained(user, school, on=TODAY() - timedelta(days=days))
    assert (lacking(school, user) == [[]]) is counts


@pytest.mark.clause("STM-3.18", "STM-2.19")
def test_the_terms_of_use_are_agreed_to_in_the_version_that_is_in_force() -> None:
    school = a_school("St Mary's", preset="st-marys", **ST_MARYS)
    user = a_person("Tess Thorn", Role.STAFF, school)
    trained(user, school)
    [words] = lacking(school, user)
    assert "none is in force at St Mary's" in words[0]
    in_force(a_document(school, kind="social_media"))
    assert lacking(school, user) == [words], "another document is not the terms"
    terms = a_document(school, "Terms of use", "terms", readers=[])
    read(user, in_force(terms))
    assert lacking(school, user) == [[]]
    in_force(terms)
    assert "“Terms of use”, version 2" in lacking(school, user)[0][0]


def test_a_trusts_policy_and_the_schools_own_supplement_are_both_read() -> None:
    trust = a_trust()
    hub, school = (
        a_school("Hub", trust=trust, kind="central"),
        a_school("Here", trust=trust, runner_reads=True),
    )
    user = a_person("Tess Thorn", Role.STAFF, school)
    of_trust = a_document(hub, "Trust policy", for_trust=True)
    read(user, in_force(of_trust))
    assert lacking(school, user) == [[]]
    in_force(a_document(hub, "The hub's own"))
    in_force(a_document(a_school("Elsewhere"), "Strangers", for_trust=True))
    assert lacking(school, user) == [[]]
    in_force(a_document(school, "Supplement", supplements=of_trust))
    assert "“Supplement”" in lacking(school, user)[0][0]


def test_the_gate_asks_three_questions_for_any_number_of_people_and_none_where_nothing_is_asked() -> None:
    school = a_school("Here", runner_reads=True, runner_terms=True, runner_training=True)
    people = [a_person(f"Person {number}", Role.STAFF, school) for number in range(30)]
    profile, platform = profile_of(school), Platform.objects.get(slug="x")
    in_force(a_document(school))
    in_force(a_document(school, "Terms", "terms"))
    for some in (people[:1], people):
        with CaptureQueriesContext(connection) as queries:
            found = missing_for(school=school, people=some, platform=platform, profile=profile)
        assert len(queries) == 3
        assert all(len(words) == 3 for words in found.values())
    choose(school.profile, runner_reads=False, runner_terms=False, runner_training=False)
    profile = profile_of(school)
    with CaptureQueriesContext(connection) as queries:
        assert missing_for(school=school, people=people, profile=profile)[people[0].pk] == []
    assert len(queries) == 0


# Being told, and being covered no longer -----------------------------------------------------


def test_whoever_is_named_is_told_what_to_do_and_sees_it_on_a_page_of_their_own(wood) -> None:
    in_force(a_document(wood.school))
    submitted(wood.tess, wood.school, administrators=[wood.tess, wood.vera])
    told = Notice.objects.filter(kind="accounts.to_get_ready")
    assert {notice.recipient for notice in told} == {wood.tess, wood.vera}
    assert "Get ready to run an account" in [item.title for item in for_user(wood.vera)]
    page = client_of(wood.vera).get("/accounts/running/").content.decode()
    for words in ("Year 6 at Hilltop", "not decided yet", "Read the social media policy", "Be trained"):
        assert words in page
    read(wood.vera, in_force(a_document(wood.school, "Newer")))
    assert "Nothing is asked of you" in client_of(wood.mo).get("/accounts/running/").content.decode()
    assert "Get ready to run an account" not in [item.title for item in for_user(wood.mo)]


def test_who_is_no_longer_covered_keeps_the_right_and_is_shown_to_those_who_watch(wood) -> None:
    document = a_document(wood.school)
    read(wood.vera, in_force(document))
    trained(wood.vera, wood.school)
    account = an_account(wood.school)
    holds(account, wood.vera)

    def lines(user: User) -> list[str]:
        return [
            item.title for item in for_user(user) if "covered" in item.title or "in force for" in item.title
        ]

    assert lines(wood.mo) == []
    page = f"/accounts/{account.uuid}/"
    assert "No longer covered" not in client_of(wood.mo).get(page).content.decode()
    in_force(document)
    assert lines(wood.mo) == ["No longer covered: people who run accounts"]
    assert lines(wood.tess) == []
    assert "No longer covered" in client_of(wood.mo).get(page).content.decode()
    assert "No longer covered" not in client_of(wood.tess).get(page).content.decode(), (
        "a colleague's own matter"
    )
    assert AccountRight.objects.filter(user=wood.vera, ended_at=None).exists(), (
        "nothing is taken away by itself"
    )
    shown = client_of(wood.mo).get("/accounts/coverage/").content.decode()
    assert "Vera Vole" in shown
    assert "Read the social media policy in force" in shown
    assert "Vera Vole" not in client_of(wood.mo).get("/accounts/coverage/?q=nobody").content.decode()
    assert "Vera Vole" in client_of(wood.mo).get("/accounts/coverage/export/").content.decode()
    assert client_of(wood.tess).get("/accounts/coverage/").status_code == 403
    stranger = a_person("Strange Head", Role.HEADTEACHER, a_school("Elsewhere", **RAVENS_WOOD))
    assert "Vera Vole" not in client_of(stranger).get("/accounts/coverage/").content.decode()


def test_where_no_document_is_in_force_the_watchers_are_told_once_and_not_for_each_person(wood) -> None:
    account = an_account(wood.school)
    holds(account, wood.vera)
    trained(wood.vera, wood.school)
    titles = [item.title for item in for_user(wood.mo)]
    assert titles.count("No policy in force for those who run accounts") == 1
    assert "No longer covered: people who run accounts" not in titles
    assert "none is in force" in client_of(wood.mo).get(f"/accounts/{account.uuid}/").content.decode()


def test_the_pages_ask_no_more_of_the_database_for_more_people(wood) -> None:
    in_force(a_document(wood.school))
    account = an_account(wood.school)

    def counts() -> list[int]:
        found = []
        for path, user in (("/accounts/running/", wood.vera), ("/accounts/coverage/", wood.mo)):
            client = client_of(user)
            client.get(path)
            with CaptureQueriesContext(connection) as queries:
                assert client.get(path).status_code == 200
            found.append(len(queries))
        return found

    holds(account, wood.vera)
    before = counts()
    for number in range(10):
        holds(account, a_person(f"Person {number}", Role.STAFF, wood.school))
        holds(
            SocialAccount.objects.create(
                school=wood.school,
                platform=account.platform,
                name=f"Account {number}",
                status="live",
                live_since=TODAY(),
            ),
            wood.vera,
        )
    assert counts() == before
    assert max(before) <= 15, before
