"""Monthly counts of the log of abuse, and who may count."""

import csv
import io
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from incidents.abuse.figures import bounds_of, chart_of, figures_from, months_of, year_of
from incidents.abuse.selectors import open_entries
from incidents.abuse.services import Done, entry_close
from incidents.abuse.tests.cases import a_log_crew, an_account, an_entry
from incidents.tests.cases import page, recorded, text_of
from people.models import User
from smgov.testing import a_person, a_school


def at(year: int, month: int, day: int, hour: int = 12) -> datetime:
    """A moment."""
    return datetime(year, month, day, hour, tzinfo=UTC)


def test_a_school_year_runs_from_september_to_august() -> None:
    assert [year_of(day) for day in (date(2026, 8, 31), date(2026, 9, 1), date(2027, 1, 1))] == [
        2025,
        2026,
        2026,
    ]
    months = months_of(2026)
    assert (months[0], months[3], months[4], months[11], len(months)) == (
        date(2026, 9, 1),
        date(2026, 12, 1),
        date(2027, 1, 1),
        date(2027, 8, 1),
        12,
    )
    assert bounds_of(2026)[0] == at(2026, 8, 31, 23)  # midnight in London, in summer


@given(st.integers(2000, 2100), st.lists(st.tuples(st.sampled_from("abc"), st.dates(), st.integers(0, 99))))
def test_the_counts_of_a_year_add_up_whatever_was_found(year: int, found: list[Any]) -> None:
    figures = figures_from(year, found, ["a", "d"])
    inside = sum(count for _, day, count in found if year_of(day) == year)
    assert figures.total == inside == sum(sum(row) for row in figures.rows.values())
    assert {"a", "d"} <= set(figures.rows)
    assert all(len(row) == 12 for row in figures.rows.values())
    bars = chart_of(figures, "Chart", date(year + 1, 8, 31)).bars
    assert [float(bar.width.rstrip("%")) <= 100 for bar in bars] == [True] * 12


def test_the_chart_leaves_out_the_months_to_come() -> None:
    figures = figures_from(2026, [("a", date(2026, 9, 2), 3)])
    assert len(chart_of(figures, "Chart", date(2026, 11, 1)).bars) == 3
    assert chart_of(figures, "Chart", date(2026, 8, 31)).bars == []


def rows_of(user: User, query: str) -> dict[str, list[str]]:
    """The file of figures, by its first column."""
    client = Client()
    client.force_login(user)
    text = client.get(f"/abuse/figures/export/?{query}").content.decode("utf-8-sig")
    return {row[0]: row[1:] for row in csv.reader(io.StringIO(text))}


@pytest.mark.django_db
def test_entries_are_counted_by_the_month_in_london_in_which_they_were_seen() -> None:
    crew, _ = a_log_crew()
    account = an_account(crew.school, "=Hilltop news")
    an_entry(crew, seen_at=at(2025, 8, 31, 23), nature="threat", account=account)  # September in London
    an_entry(crew, seen_at=at(2025, 9, 30, 22), done=(Done("hidden"), Done("blocked")))
    an_entry(
        crew, seen_at=at(2026, 8, 31, 22), against="staff", done=(Done("hidden"), Done("hidden", note="x"))
    )
    an_entry(crew, seen_at=at(2026, 8, 31, 23))  # the next school year
    an_entry(crew, seen_at=at(2025, 8, 31, 22))  # the one before
    found = rows_of(crew.bob, "year=2025&by=nature")
    assert found["Threat"] == ["1", *["0"] * 11, "1"]
    assert found["All entries"] == ["2", *["0"] * 10, "1", "3"]
    assert rows_of(crew.bob, "year=2025&by=against")["A member of staff"][-2:] == ["1", "1"]
    assert rows_of(crew.bob, "year=2025&by=where")["Somewhere else"][-1] == "2"
    named = rows_of(crew.bob, "year=2025&by=account")
    assert [key[:15] for key in named][1:3] in (
        ["'=Hilltop news ", "Somewhere else"],
        ["Somewhere else", "'=Hilltop news "],
    )
    done = rows_of(crew.bob, "year=2025&by=did")
    assert (done["Hidden"][-1], done["User blocked"][-1], done["All entries"][-1]) == ("2", "1", "3")
    assert recorded("incidents.abuse_figures_exported") == 5


@pytest.mark.django_db
def test_governors_count_and_read_not_a_word_and_another_school_is_not_counted() -> None:
    crew, cora = a_log_crew()
    an_entry(crew, author="Zed Zebra", words="Quagga", elsewhere="Okapi")
    stranger = a_person("Eve East", "headteacher", a_school(preset="st-marys"))
    for by in ("nature", "against", "where", "account", "did"):
        status, words = page(crew.gina, f"/abuse/figures/?by={by}")
        assert (status, "1 entry" in words) == (200, True)
        assert not {"Zed", "Quagga", "Okapi"} & set(words.split())
    assert "0 entries" in page(stranger, "/abuse/figures/")[1]
    assert "1 entry" in page(cora, "/abuse/figures/?year=bad&by=bad&school=bad")[1]
    for user in (crew.alice, crew.carl, crew.dan):
        assert page(user, "/abuse/figures/")[0] == page(user, "/abuse/figures/export/")[0] == 403


@pytest.mark.django_db
def test_the_chart_says_in_words_what_it_draws() -> None:
    crew, _ = a_log_crew()
    an_entry(crew, seen_at=at(2025, 10, 5))
    client = Client()
    client.force_login(crew.bob)
    answer = client.get("/abuse/figures/?year=2025")
    assert "Oct 2025: 1" in text_of(answer)
    assert 'role="img"' in answer.content.decode()


@pytest.mark.django_db
def test_what_is_open_waits_for_the_keeper_alone() -> None:
    crew, cora = a_log_crew()
    entry = an_entry(crew, done=(Done("left"),))
    assert [list(open_entries(one)) for one in (crew.bob, cora, crew.alice)] == [[entry], [], []]
    entry_close(actor=crew.bob, entry=entry)
    assert not open_entries(crew.bob).exists()
