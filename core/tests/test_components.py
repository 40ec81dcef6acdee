"""The page components: right words, right structure, and no text that breaks out (design, section 9)."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from django import forms
from django.conf import settings as django_settings
from django.contrib.messages import constants
from django.core.paginator import Paginator
from django.db import models
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import timezone

from core.forms import FilterForm
from core.statuses import STATUSES, status_words
from core.tables import Column, Link, Status, Table, date_text, ordering, safe_href, sort_key, value_html
from core.tests.markup import HOSTILE, by_id, parse, render, skeleton, words

COLUMNS = [
    Column("name", "Account", sortable=True),
    Column("state", "Status", sortable=True, order_by="approval__status"),
    Column("people", "People"),
    Column("count", "Followers", numeric=True),
]


class Search(FilterForm):
    q = forms.CharField(label="Search")
    state = forms.ChoiceField(label="Status", choices=[("", "Any"), ("live", "Live")])


class Colour(models.TextChoices):
    RED = "r", "Bright red"


def get(address: str = "/accounts/"):
    return RequestFactory().get(address)


def hostile_page(text: str) -> str:
    """Every component once, with `text` in every place that takes text."""
    request = get()
    now = datetime(2026, 3, 3, 16, 5, tzinfo=UTC)
    table = Table([Column("a", text), Column("b", "B")], [[text, [text, (text, "/x/")]]], text, request)
    search = type("Hostile", (FilterForm,), {"q": forms.CharField(label=text)})({"q": text})
    return render(
        "{% status_tag text %}{% summary_list rows %}{% data_table table %}"
        "{% empty_state text text '/' text %}"
        "{% filter_bar search 3 text %}{% notification_banner 'success' text text 'b1' %}"
        "{% task_list items %}{% back_link '/' text %}{% timeline events text %}{% panel text text %}"
        "{% details text %}{{ text }}{% enddetails %}{% inset %}{{ text }}{% endinset %}"
        "{% warning_text text %}{% breadcrumbs crumbs %}{{ text|show }}",
        request=request,
        text=text,
        search=search,
        table=table,
        rows=[{"key": text, "value": text, "action_url": "/", "action_text": text, "hidden_text": text}],
        items=[{"title": text, "url": "/", "detail": text, "status": "draft", "school": text}],
        events=[{"title": text, "when": now, "by": text, "text": text, "status": "approved"}],
        crumbs=[(text, "/"), (text, "")],
    )


@pytest.mark.parametrize("payload", HOSTILE)
def test_no_text_changes_the_skeleton_of_any_component(payload):
    assert skeleton(hostile_page(payload)) == skeleton(hostile_page("Plain words"))


def test_the_skeleton_test_can_fail():
    assert skeleton("<p>Plain</p>") != skeleton(f"<p>{HOSTILE[0]}</p>")


# Addresses


@pytest.mark.parametrize(
    "address",
    ["/x/", "?page=2", "#a", "https://example.org/a:b", "HTTP://example.org", "mailto:a@example.org", "x/y"],
)
def test_ordinary_addresses_stay(address):
    assert safe_href(address) == address


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        " JaVaScRiPt:alert(1)",
        "java\nscript:alert(1)",
        "java\tscript:alert(1)",
        "\x01javascript:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "blob:x",
        "",
        None,
    ],
)
def test_addresses_that_run_code_lose_their_link(address):
    assert safe_href(address) == ""
    html = value_html(Link("Open", address))
    assert html == "Open"


def test_links_to_other_sites_give_nothing_away():
    assert 'rel="noopener noreferrer"' in value_html(Link("Page", "https://example.org/"))
    assert "rel=" not in value_html(Link("Page", "/accounts/"))


# Values


def test_values_are_shown_in_words():
    assert value_html(date(2026, 3, 3)) == '<time datetime="2026-03-03">3 March 2026</time>'
    assert date_text(datetime(2026, 7, 3, 15, 5, tzinfo=UTC)) == "3 July 2026 at 4:05pm"
    assert date_text(datetime(2026, 1, 3, 9, 0, tzinfo=UTC)) == "3 January 2026 at 9am"
    assert date_text(datetime(2026, 1, 3, 0, 30, tzinfo=UTC)) == "3 January 2026 at 12:30am"
    assert date_text(datetime(2026, 1, 3, 12, 0, tzinfo=UTC)) == "3 January 2026 at 12pm"
    assert value_html(True) == "Yes"
    assert value_html(False) == "No"
    assert value_html(0) == "0"
    assert value_html(Colour.RED) == "Bright red"
    assert "Nothing entered" in value_html(None)
    assert "Nothing entered" in value_html([])
    assert value_html(["one"]) == "one"
    assert value_html(["one", "two"]).count("<li>") == 2


# Statuses


@pytest.mark.parametrize("value", STATUSES)
def test_every_status_has_words_and_a_colour(value):
    text, colour = STATUSES[value]
    assert text
    assert text[0].isupper()
    assert colour.startswith("govuk-tag--")
    assert words(parse(render("{% status_tag value %}", value=value))) == text


def test_a_status_may_be_a_member_of_an_enum():
    class State(models.TextChoices):
        PENDING = "pending", "Pending"

    assert status_words(State.PENDING) == ("Waiting for a decision", "govuk-tag--yellow")


def test_a_status_outside_the_table_is_shown_plainly():
    assert status_words("half_way") == ("Half way", "govuk-tag--grey")
    assert status_words(None) == ("Not known", "govuk-tag--grey")


# Tables


def table_of(address: str = "/accounts/", **options) -> Table:
    rows = [{"name": Link("PE", "/1/"), "state": Status("live"), "people": ["A", "B"], "count": 12}]
    return Table(COLUMNS, rows, "Accounts", get(address), **options)


def test_a_table_has_caption_scope_and_a_wrapper_for_the_keyboard():
    tree = parse(render("{% data_table table %}", table=table_of()))
    wrapper = next(e for e in tree.iter("div") if e.get("role") == "region")
    assert wrapper.get("tabindex") == "0"
    assert words(by_id(tree)[wrapper.get("aria-labelledby")]) == "Accounts"
    assert [e.get("scope") for e in tree.iter("th")] == ["col"] * 4 + ["row"]
    assert [e.get("data-label") for e in tree.iter("td")] == ["Status", "People", "Followers"]


def test_sort_links_turn_round_keep_the_filters_and_go_back_to_page_one():
    tree = parse(render("{% data_table table %}", table=table_of("/accounts/?q=a&sort=name&page=4")))
    heads = [e for e in tree.iter("th") if e.get("scope") == "col"]
    assert [e.get("aria-sort") for e in heads] == ["ascending", "none", None, None]
    assert [e.get("href") for e in tree.iter("a")][:2] == ["?q=a&sort=-name", "?q=a&sort=state"]


def test_only_the_columns_that_sort_are_sorted_by():
    assert ordering(get("?sort=-state"), COLUMNS, "name") == ["-approval__status", "pk"]
    assert ordering(get("?sort=people"), COLUMNS, "name") == ["name", "pk"]
    assert ordering(get("?sort=password"), COLUMNS, "-name") == ["-name", "pk"]
    assert ordering(None, COLUMNS) == ["pk"]
    assert sort_key(get("?sort=-name"), COLUMNS) == "-name"


def test_rows_may_be_plain_sequences_and_may_be_missing():
    assert "<td" in render("{% data_table t %}", t=Table(COLUMNS[:2], [("PE", "live")], "A"))
    assert "Nothing to show." in render("{% data_table t %}", t=Table(COLUMNS, [], "A"))
    with pytest.raises(ValueError, match="shorter"):
        Table(COLUMNS, [("too", "short")], "A")


# Lists


def test_pages_keep_search_and_sort():
    page = Paginator(range(100), 10).get_page(3)
    tree = parse(render("{% pagination page %}", page=page, request=get("?q=a+b&sort=name&page=3")))
    links = {words(e): e.get("href") for e in tree.iter("a")}
    assert links["Previous page"] == "?q=a+b&sort=name&page=2"
    assert links["Next page"] == "?q=a+b&sort=name&page=4"
    assert [e.get("aria-current") for e in tree.iter("a") if words(e) == "3"] == ["page"]
    assert "<nav" not in render("{% pagination page %}", page=Paginator([1], 10).get_page(1))


def test_the_filter_bar_is_a_get_form_that_keeps_the_sort():
    request = get("/accounts/?q=pe&sort=-name")
    tree = parse(render("{% filter_bar f 1 'account' %}", f=Search(request.GET), request=request))
    form = next(tree.iter("form"))
    assert form.get("method") == "get"
    boxes = {e.get("name"): e.get("value") for e in form.iter("input")}
    assert boxes == {"sort": "-name", "q": "pe"}
    labels = {e.get("for") for e in form.iter("label")}
    assert labels == {"id_q", "id_state"}
    assert next(e.get("href") for e in tree.iter("a")) == "/accounts/"
    assert "1 account found" in words(tree)


@pytest.mark.parametrize(
    ("query", "is_open", "title"),
    [
        ("", False, "Search and filter"),
        ("?sort=-name", False, "Search and filter"),
        ("?q=pe", True, "Search and filter (1 set)"),
        ("?q=pe&state=live", True, "Search and filter (2 set)"),
        ("?q=pe&state=nonsense", True, "Search and filter (1 set)"),
    ],
)
def test_filters_stand_closed_unless_one_is_set_and_say_how_many(query, is_open, title):
    request = get(f"/accounts/{query}")
    tree = parse(render("{% filter_bar f 1 'account' %}", f=Search(request.GET), request=request))
    assert (next(tree.iter("details")).get("open") is not None) is is_open
    assert words(next(tree.iter("summary"))) == title


def test_the_filter_bar_without_filters_has_nothing_to_clear():
    markup = render("{% filter_bar f 0 'entry' 'entries' %}", f=Search(None), request=get())
    assert "Clear" not in markup
    assert "0 entries" in words(parse(markup))


def test_a_filter_that_is_wrong_is_left_out():
    form = Search({"q": "pe", "state": "nonsense"})
    assert form.chosen == {"q": "pe"}


def test_things_to_do_show_what_is_late():
    items = [
        {"title": "Late", "url": "/", "due_at": timezone.now() - timedelta(days=1)},
        SimpleNamespace(title="Later", url="", due_at=timezone.now() + timedelta(days=9), detail="x"),
    ]
    tree = parse(render("{% task_list items %}", items=items))
    late, later = list(tree.iter("li"))
    assert "Overdue" in words(late)
    assert "Overdue" not in words(later)
    assert not list(later.iter("a"))


def test_a_summary_says_what_each_change_link_changes():
    rows = [{"key": "Name", "value": "PE", "action_url": "/1/"}, {"key": "Platform", "value": None}]
    tree = parse(render("{% summary_list rows %}", rows=rows))
    assert [words(e) for e in tree.iter("a")] == ["Change name"]
    assert [words(e) for e in tree.iter("dt")] == ["Name", "Platform"]


# The page around the content


def test_the_page_has_title_skip_link_navigation_and_sign_out_by_post(settings):
    settings.ROOT_URLCONF = "allauth.account.urls"
    page = render_to_string(
        "base.html",
        {
            "user": SimpleNamespace(
                is_authenticated=True, full_name="Sam <b>Reed</b>", email="s@example.org"
            ),
            "navigation": [
                {"title": "Home", "url": "/", "current": False},
                {"title": "Requests", "url": "/requests/", "current": True},
            ],
            "notices_url": "/notices/",
            "notices_count": 2,
        },
    )
    tree = parse(page)
    assert "– School Social" in words(next(tree.iter("title")))
    assert next(tree.iter("html")).get("lang") == "en"
    assert "main-content" in by_id(tree)
    assert [e.get("aria-current") for e in tree.iter("a") if words(e) == "Requests"] == ["true"]
    assert "Notices 2 new" in words(tree)
    assert [e.get("method") for e in tree.iter("form")] == ["post"]
    assert "Sam &lt;b&gt;Reed" in page


SIGN_IN_PAGES = sorted(
    path.name for path in (Path(django_settings.BASE_DIR) / "templates" / "account").glob("*.html")
)


class SignIn(forms.Form):
    login = email = forms.EmailField(label="Email")
    password = oldpassword = password1 = password2 = forms.CharField(widget=forms.PasswordInput)
    code = forms.CharField()


@pytest.mark.parametrize("name", ["base.html", "404.html", *(f"account/{name}" for name in SIGN_IN_PAGES)])
def test_no_page_has_inline_script_or_style_or_a_box_without_label(name, settings):
    settings.ROOT_URLCONF = "allauth.account.urls"
    form = SignIn({})
    context = {
        "form": form,
        "verify_form": form,
        "email": "sam@example.org",
        "can_resend": True,
        "action_url": "/",
    }
    tree = parse(render_to_string(name, context, request=RequestFactory().get("/")))
    assert not list(tree.iter("style"))
    assert all(e.get("src") for e in tree.iter("script"))
    assert not [e for e in tree.iter() if any(key == "style" or key.startswith("on") for key in e.attrib)]
    labels = {e.get("for") for e in tree.iter("label")}
    boxes = [e for e in tree.iter("input") if e.get("type") != "hidden"]
    assert {e.get("id") for e in boxes} == labels
    by_id(tree)


@pytest.mark.parametrize("code", ["400", "403", "404", "429", "500"])
def test_error_pages_ask_nothing_of_person_or_database(code):
    class Untouchable:
        def __getattr__(self, name):
            raise AssertionError(f"the error page asked for {name}")

    request = get()
    request.user = request.session = Untouchable()
    assert "School Social" in render_to_string(f"{code}.html")
    context = {"user": Untouchable(), "messages": Untouchable(), "perms": Untouchable(), "navigation": []}
    assert "School Social" in render_to_string(f"{code}.html", context)


def test_messages_become_banners_with_their_own_ids():
    notes = [
        SimpleNamespace(level_tag=tag, __str__=lambda self: "x")
        for tag in (constants.DEFAULT_TAGS[constants.SUCCESS], "error", "info")
    ]
    tree = parse(render_to_string("base.html", {"messages": notes}))
    by_id(tree)
    assert [e.get("role") for e in tree.iter("div") if "app-banner" in e.get("class", "")] == [
        "alert",
        "alert",
        "region",
    ]


def test_words_that_no_database_would_search_for_are_left_out() -> None:
    assert Search({"q": "x" * 200}).chosen == {"q": "x" * 200}
    assert Search({"q": "x" * 70_000}).chosen == {}
    assert 'maxlength="200"' in str(Search()["q"])
