"""The policy pages: any signed-in person reads them, nobody changes them."""

import html

import pytest
from django.urls import reverse

from core.roles import Role
from people.models import Membership, School, User
from policies.models import Clause, Policy
from policies.pages import room_page

pytestmark = pytest.mark.django_db

LIST = "/policies/five/"
DETAIL = "/policies/STM/"
CLAUSE = "/policies/clause/STM-15.21/"
PAGES = [LIST, DETAIL, CLAUSE]


@pytest.fixture
def reader(client):
    """A client with a member of staff signed in."""
    school = School.objects.create(name="Hazel Lane Primary", slug="hazel-lane")
    user = User.objects.create_user("sam@hazel-lane.example", "Sam Reader")
    Membership.objects.create(user=user, role=Role.STAFF, school=school)
    client.force_login(user)
    return client


def page(client, url: str, **query: str) -> str:
    """The text of a page that must answer 200."""
    response = client.get(url, query)
    assert response.status_code == 200
    return response.content.decode()


def test_addresses():
    assert reverse("policies:policy-list") == LIST
    assert Policy.objects.get(code="STM").get_absolute_url() == DETAIL
    assert reverse("policies:clause-detail", args=["STM-15.21"]) == CLAUSE
    assert Clause.objects.get(ref="STM-15.21").get_absolute_url() == f"{DETAIL}#STM-15.21"


@pytest.mark.parametrize("url", PAGES)
def test_signed_out_visitor_is_sent_to_sign_in(client, url):
    response = client.get(url)
    assert response.status_code == 302
    assert response.url.startswith(reverse("account_login"))


@pytest.mark.parametrize("url", PAGES)
@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_pages_are_read_only(reader, url, method):
    assert getattr(reader, method)(url).status_code == 405


@pytest.mark.parametrize("role", Role.values)
def test_every_role_reads_them(client, role):
    school = School.objects.create(name="Hazel Lane Primary", slug="hazel-lane")
    user = User.objects.create_user("sam@hazel-lane.example", "Sam Reader")
    Membership.objects.create(user=user, role=role, school=school)
    client.force_login(user)
    assert client.get(LIST).status_code == 200
    assert client.get(DETAIL).status_code == 200


def test_the_first_page_groups_what_a_person_may_open(client, reader):
    text = page(reader, "/policies/")
    places = [text.index(f">{name}</") for name in ("For you", "Read and understood", "For the school")]
    assert places == sorted(places)
    assert text.index("For the school") < text.index(">Reference</") < text.index("The five policies behind")
    head = User.objects.create_user("hal@hazel-lane.example", "Hal Head")
    Membership.objects.create(user=head, role=Role.HEADTEACHER, school=School.objects.get())
    client.force_login(head)
    assert "Reports and assurance" in page(client, "/policies/")


def test_a_page_belongs_to_a_known_group():
    with pytest.raises(ValueError, match="no group"):
        room_page("Title", "Text", "policies:home", bool, 1, "Elsewhere")


def test_list_names_every_policy_and_what_it_covers(reader):
    text = html.unescape(page(reader, LIST))
    for policy in Policy.objects.all():
        assert policy.organisation in text
        assert policy.covers in text
        assert f'href="{policy.get_absolute_url()}"' in text


@pytest.mark.parametrize("code", ["CIT", "BEC", "RAV", "STM", "CBC"])
def test_detail_shows_every_clause_in_order_under_its_anchor(reader, code):
    text = page(reader, f"/policies/{code}/")
    anchors = [f'id="{clause.ref}"' for clause in Clause.objects.filter(policy__code=code)]
    places = [text.index(anchor) for anchor in anchors]
    assert places == sorted(places)
    for title in Clause.objects.filter(policy__code=code).values_list("title", flat=True):
        assert title in html.unescape(text)


def test_detail_states_the_review_date_of_the_policy(reader):
    assert "23/09/26" in page(reader, DETAIL)
    assert "Not stated" in page(reader, "/policies/BEC/")


def test_search_narrows_by_title(reader):
    text = page(reader, DETAIL, q="follower")
    assert 'id="STM-2.15"' in text
    assert 'id="STM-3.01"' not in text


def test_search_wants_every_word_in_any_case(reader):
    text = page(reader, DETAIL, q="HEADTEACHER  password")
    assert 'id="STM-3.12"' in text
    assert 'id="STM-3.11"' not in text


def test_search_finds_a_reference_and_a_section(reader):
    assert 'id="STM-15.21"' in page(reader, DETAIL, q="stm-15.21")
    assert page(reader, DETAIL, q="cyberbullying").count('id="STM-10.') == 4


def test_search_without_result_says_so(reader):
    text = page(reader, DETAIL, q="zebra")
    assert 'id="STM-' not in text
    assert "No clause" in text


def test_search_takes_percent_and_underscore_as_they_are(reader):
    for sign in ("%", "_"):
        assert 'id="STM-' not in page(reader, DETAIL, q=sign)


def test_search_is_escaped(reader):
    text = page(reader, DETAIL, q='"><script>alert(1)</script>')
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert" in text


@pytest.mark.parametrize("query", ["", "   ", "a\x00b", "x" * 101])
def test_an_empty_or_unreadable_search_is_left_out(reader, query):
    assert page(reader, DETAIL, q=query).count('id="STM-') == 218


@pytest.mark.parametrize("url", ["/policies/XYZ/", "/policies/stm/", "/policies/clause/"])
def test_unknown_policy_is_not_found(reader, url):
    assert reader.get(url).status_code == 404


@pytest.mark.parametrize("ref", ["STM-99.99", "XYZ-1.01", "stm-15.21", "STM-15", "STM-15.21%00", "..%2F"])
def test_unknown_clause_is_not_found(reader, ref):
    assert reader.get(f"/policies/clause/{ref}/").status_code == 404


def test_clause_address_leads_to_its_place(reader):
    response = reader.get(CLAUSE)
    assert response.status_code == 302
    assert response.url == f"{DETAIL}#STM-15.21"


@pytest.mark.parametrize("url", [LIST, "/policies/CBC/", DETAIL])
def test_pages_take_few_queries(reader, url, django_assert_max_num_queries):
    page(reader, url)
    with django_assert_max_num_queries(10):
        page(reader, url)


@pytest.mark.parametrize("url", [LIST, DETAIL])
def test_page_has_one_first_heading_and_no_inline_style_or_script(reader, url):
    text = page(reader, url)
    assert text.count("<h1") == 1
    assert " style=" not in text
    assert "<script>" not in text
