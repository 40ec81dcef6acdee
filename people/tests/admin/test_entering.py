"""Who enters the admin, what it offers, and which of Django's doors are shut."""

import uuid

import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import NoReverseMatch, reverse

from core.models import Platform
from core.roles import Role
from core.rules_admin import RulesModelAdmin
from people.models import GovernanceProfile, Membership, School, Trust, User
from people.tests.admin.conftest import MODELS, Elsewhere, adding, listing, page, send, text
from smgov.testing import Cast, a_person

INDEX = "/administration/"


@pytest.mark.parametrize("role", [role for role in Role.values if role != Role.IT])
def test_only_the_it_lead_of_a_school_enters(client: Client, cast: Cast, role: str) -> None:
    client.force_login(a_person("Pat", role, cast.hilltop))
    for url in (
        INDEX,
        listing("school"),
        page(cast.hilltop),
        adding("membership"),
        "/administration/people/",
    ):
        assert client.get(url).status_code == 403


def test_the_it_lead_and_whoever_runs_the_server_enter(client: Client, cast: Cast, rita: User) -> None:
    for user in (cast.dan, rita):
        client.force_login(user)
        response = client.get(INDEX)
        assert response.status_code == 200
        assert response["Cache-Control"] == "no-store, private"


def test_a_stranger_is_sent_to_the_portal_s_own_sign_in(client: Client, db: None) -> None:
    chain = client.get(INDEX, follow=True).redirect_chain
    assert chain[-1][0] == f"{reverse('account_login')}?next={INDEX}"
    away = client.get(reverse("admin:login"), {"next": "https://elsewhere.example/"})
    assert away.url == f"{reverse('account_login')}?next={INDEX}"


def test_only_reference_data_is_in_the_admin(db: None) -> None:
    assert set(admin.site._registry) == {Trust, School, GovernanceProfile, Membership, User, Platform}
    assert all(isinstance(each, RulesModelAdmin) for each in admin.site._registry.values())


def test_a_model_whose_admin_does_not_stand_on_the_rules_stays_out() -> None:
    admin.site.register(LogEntry)
    admin.site.register(LogEntry, admin.ModelAdmin)
    assert LogEntry not in admin.site._registry


def test_no_page_leads_past_the_rules(client: Client, dan: User, elsewhere: Elsewhere) -> None:
    with pytest.raises(NoReverseMatch):
        reverse("admin:view_on_site", args=[1, 1])
    assert client.get("/administration/r/1/1/").status_code == 404
    asked = {"app_label": "people", "model_name": "membership", "field_name": "user", "term": "Selma"}
    assert client.get(reverse("admin:autocomplete"), asked).status_code == 404


@pytest.mark.parametrize("model", MODELS)
def test_nothing_is_deleted(client: Client, cast: Cast, root: User, model: str) -> None:
    rows = {
        "school": cast.hilltop,
        "trust": cast.trust,
        "membership": cast.alice.memberships.get(),
        "user": cast.alice,
        "governanceprofile": GovernanceProfile.objects.get(school=cast.hilltop),
    }
    row = rows[model]
    assert client.get(page(row, "delete")).status_code == 403
    assert client.post(page(row, "delete"), {"post": "yes"}).status_code == 403
    client.post(listing(model), {"action": "delete_selected", "_selected_action": row.pk, "post": "yes"})
    assert type(row).objects.filter(pk=row.pk).exists()
    assert "/delete/" not in text(client.get(page(row)))
    assert "delete_selected" not in text(client.get(listing(model)))


@pytest.mark.parametrize("name", ["_popup", "_to_field"])
@pytest.mark.parametrize("model", MODELS)
def test_there_are_no_pop_ups_and_no_rows_by_a_chosen_field(
    client: Client, cast: Cast, dan: User, model: str, name: str
) -> None:
    assert client.get(listing(model), {name: "1"}).status_code == 403
    assert client.get(page(cast.hilltop), {name: "email"}).status_code == 403
    assert client.post(adding("membership"), {name: "1"}).status_code == 403


def test_django_s_own_log_is_not_written(client: Client, cast: Cast, root: User) -> None:
    send(client, page(cast.hilltop), name="Hilltop School")
    assert School.objects.get(pk=cast.hilltop.pk).name == "Hilltop School"
    assert not LogEntry.objects.exists()


def test_no_number_stands_in_an_address(client: Client, cast: Cast, root: User) -> None:
    for model in MODELS:
        body = text(client.get(listing(model)))
        links = [part.split('"')[0] for part in body.split('href="')[1:]]
        rows = [link for link in links if "/change/" in link]
        assert rows
        assert all(uuid.UUID(link.split("/")[-3]) for link in rows)


def test_pages_of_the_admin_load_nothing_inline(client: Client, cast: Cast, root: User) -> None:
    pages = [
        INDEX,
        *(listing(model) for model in MODELS),
        page(cast.hilltop),
        adding("membership"),
        page(cast.alice),
    ]
    for url in pages:
        body = text(client.get(url))
        assert "<style" not in body
        assert " style=" not in body
        assert not [part for part in body.split("<script")[1:] if "src=" not in part.split(">")[0]]
