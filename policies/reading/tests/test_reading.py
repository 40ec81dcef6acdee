"""Read and understood: what I am asked to read, how I say it, and what a new version does to it."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone

from core.audit import audited
from core.errors import Refused, Stale
from core.models import AuditEvent, Notice
from core.roles import Post, Role
from core.todo import for_user
from people.models import Membership, User
from policies.models import Acknowledgement, Document
from policies.reading.readers import asked_of, readers_of
from policies.reading.services import version_acknowledge
from policies.reading.tests.cases import TODAY, a_document, in_force, read
from smgov.testing import Cast, a_cit_trust, a_person, a_school, give

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return a_cit_trust()


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def titles(user: User) -> set[str]:
    return {version.document.title for version in asked_of(user)}


@pytest.mark.clause("CIT-2.08", "CIT-2.25", "CIT-2.29", "STM-2.23", "RAV-2.13", "RAV-5.01")
def test_staff_read_the_trusts_policy_and_their_own_schools_but_not_another_schools(cast) -> None:
    trust_wide = a_document(cast.hub, "Trust policy", for_trust=True)
    for document in (
        trust_wide,
        a_document(cast.hub, "For the hub"),
        a_document(cast.hilltop, "Hilltop supplement", supplements=trust_wide),
        a_document(cast.otherplace, "Otherplace supplement", supplements=trust_wide),
        a_document(a_school("Elsewhere"), "Elsewhere"),
    ):
        in_force(document)
    a_document(cast.hilltop, "Only a draft")
    assert titles(cast.alice) == {"Trust policy", "Hilltop supplement"}
    assert titles(cast.eve) == {"Trust policy", "Otherplace supplement"}
    assert titles(cast.cora) == {"Trust policy", "For the hub"}, "not the supplement of every school"
    assert titles(cast.chair) == set()


def test_what_was_read_at_a_former_school_is_listed_no_more(cast) -> None:
    other = a_school("Former Primary")
    una = a_person("Una Unwin", Role.STAFF, other)
    give(una, Role.STAFF, cast.hilltop)
    version = in_force(a_document(other, "Plans of the former school"))
    read(una, version)
    assert "Plans of the former school" in client_of(una).get("/policies/reading/").content.decode()
    Membership.objects.filter(user=una, school=other).update(ended_at=timezone.now())
    for query in ("", "?state=read"):
        page = client_of(una).get(f"/policies/reading/{query}")
        assert "Plans of the former school" not in page.content.decode()
    assert Acknowledgement.objects.filter(user=una, version=version).exists(), "what was said is never lost"


@pytest.mark.clause("CBC-3.01")
def test_governors_and_volunteers_read_what_names_them_and_deputies_read_like_staff(cast) -> None:
    document = a_document(
        cast.hilltop, "Code of conduct", "staff_code", readers=["governance", "contributors"]
    )
    in_force(document)
    vera = a_person("Vera Vole", Role.CONTRIBUTOR, cast.hilltop)
    deputy = a_person("Dee Deputy", Role.HEADTEACHER, cast.hilltop, post=Post.DEPUTY)
    assert set(readers_of(document)) == {vera, cast.chair}
    assert titles(vera) == titles(cast.chair) == {"Code of conduct"}
    assert titles(cast.alice) == titles(deputy) == set()
    Document.objects.filter(pk=document.pk).update(readers=["staff"])
    assert titles(deputy) == {"Code of conduct"}


@pytest.mark.clause("RAV-3.09", "STM-3.18", "CIT-2.25")
def test_the_statement_and_the_hash_of_the_version_are_frozen(cast) -> None:
    version = in_force(a_document(cast.hilltop))
    page = f"/policies/reading/{version.uuid}/"
    client = client_of(cast.alice)
    answer = client.get(page)
    assert "Be kind." in answer.content.decode()
    assert client.post(page, {"seen": version.sha256}).status_code == 422, "the tick is not given for them"
    for _ in range(2):
        assert client.post(page, {"seen": version.sha256, "understood": "on"}).status_code == 302
    said = Acknowledgement.objects.get()
    assert (said.user, said.version, said.sha256, said.school) == (
        cast.alice,
        version,
        version.sha256,
        cast.hilltop,
    )
    assert said.statement.startswith("I have read and understood “Social media policy”, version 1")
    assert AuditEvent.objects.filter(action="policies.version_acknowledged").count() == 1
    assert said.statement in client.get(page).content.decode().replace("&quot;", '"')


@pytest.mark.clause("CIT-12.03", "STM-12.03")
def test_a_new_version_asks_anew_and_the_old_page_leads_to_it(cast) -> None:
    document = a_document(cast.hilltop)
    old = in_force(document)
    read(cast.alice, old)
    assert not [item for item in for_user(cast.alice) if item.title.startswith("Read:")]
    seen_before = client_of(cast.dan).get(f"/policies/reading/{old.uuid}/")
    assert seen_before.status_code == 200
    new = in_force(document, "Be kinder.")
    assert [item.url for item in for_user(cast.alice) if item.title.startswith("Read:")] == [
        f"/policies/reading/{new.uuid}/"
    ]
    assert "what you said of the earlier one does not count" in (
        client_of(cast.alice).get(f"/policies/reading/{new.uuid}/").content.decode()
    )
    answer = client_of(cast.dan).post(
        f"/policies/reading/{old.uuid}/", {"seen": old.sha256, "understood": "on"}
    )
    assert answer.status_code == 422
    assert "no longer in force" in answer.content.decode()
    assert f"/policies/reading/{new.uuid}/" in answer.content.decode()
    assert not Acknowledgement.objects.filter(user=cast.dan).exists()
    assert Acknowledgement.objects.filter(user=cast.alice, version=old).exists(), "what was said stays"


def test_another_text_than_the_page_showed_is_refused_and_so_is_what_is_not_used_any_more(cast) -> None:
    document = a_document(cast.hilltop)
    version = in_force(document)
    with pytest.raises(Stale, match="afresh"):
        version_acknowledge(actor=cast.alice, version=version, seen="0" * 64)
    Document.objects.filter(pk=document.pk).update(retired_at="2026-01-01T00:00Z", retired_by=cast.bob)
    version.refresh_from_db()
    with pytest.raises(Refused, match="not used any more"):
        version_acknowledge(actor=cast.alice, version=version, seen=version.sha256)
    assert titles(cast.alice) == set()


def test_who_is_not_asked_may_say_so_too_and_an_outsider_sees_nothing(cast) -> None:
    version = in_force(a_document(cast.hilltop, "Terms of use", "terms", readers=[]))
    read(cast.alice, version)
    assert Acknowledgement.objects.count() == 1
    with pytest.raises(PermissionDenied):
        read(cast.eve, version)
    assert client_of(cast.eve).get(f"/policies/reading/{version.uuid}/").status_code == 404
    assert client_of(cast.alice).get(f"/policies/reading/{uuid4()}/").status_code == 404


def test_an_acknowledgement_of_a_trusts_policy_stands_in_the_list_of_the_persons_school(cast) -> None:
    version = in_force(a_document(cast.hub, for_trust=True))
    for user in (cast.alice, cast.cora):
        read(user, version)
    assert dict(Acknowledgement.objects.values_list("user__full_name", "school__name")) == {
        "Alice Archer": "Hilltop Primary",
        "Cora Clay": "Support Hub",
    }


def test_my_list_says_what_is_read_and_hostile_titles_stay_text(cast) -> None:
    read(cast.alice, in_force(a_document(cast.hilltop, "First")))
    in_force(a_document(cast.hilltop, "<script>alert(1)</script>", "other"))
    page = client_of(cast.alice).get("/policies/reading/").content.decode()
    assert "To be read" in page
    assert "Read and understood" in page
    assert "<script>alert" not in page
    assert page.index("&lt;script&gt;") < page.index("First"), "what is to be read stands first"
    only = client_of(cast.alice).get("/policies/reading/?state=read").content.decode()
    assert "First" in only
    assert "&lt;script&gt;" not in only


def test_every_reader_hears_of_a_new_version_once_and_nobody_else(cast) -> None:
    document = a_document(cast.hilltop)
    version = in_force(document)
    heard = Notice.objects.filter(kind="policies.to_read")
    assert {notice.recipient for notice in heard} == {cast.alice, cast.bob, cast.dan}
    assert version.chase_on == TODAY() + timedelta(days=7)
    with audited():
        from_old = Membership.objects.get(user=cast.dan)
        from_old.ended_at = "2026-01-01T00:00Z"
        from_old.save()
    in_force(document)
    assert heard.filter(recipient=cast.dan).count() == 1, "a leaver is asked no more"
    assert heard.filter(recipient=cast.alice).count() == 2
    give(cast.dan, Role.STAFF, cast.hilltop)
    assert titles(cast.dan) == {"Social media policy"}, "who comes later reads it too"
