"""The portal's own fields: dates in three boxes, long text (design, section 9)."""

from datetime import date

import pytest
from django import forms

from core.forms import DateInputsField, LongTextField, PortalForm
from core.tests.markup import by_id, parse, render


class Plan(PortalForm):
    starts = DateInputsField(label="First day")


@pytest.mark.parametrize(
    ("boxes", "message", "first"),
    [
        (("", "3", "2026"), "First day must include a day", "day"),
        (("27", "", ""), "First day must include a month and a year", "month"),
        (("31", "2", "2026"), "Enter a real date: that month has fewer days", "day"),
        (("32", "13", "2026"), "Enter a real date: check the day and the month", "day"),
        (("1", "13", "2026"), "Enter a real date: check the month", "month"),
        (("1", "3", "26"), "First day must have a year of 4 numbers, like 2026", "year"),
        (("x", "3", "2026"), "Enter a real date: check the day", "day"),
        (("١", "3", "2026"), "Enter a real date: check the day", "day"),
        (("1", "1", "1066"), "First day must be 1 January 1900 or later", "day"),
    ],
)
def test_a_wrong_date_says_what_is_wrong_and_marks_the_box(boxes, message, first):
    sent = dict(zip(("starts_day", "starts_month", "starts_year"), boxes, strict=True))
    form = Plan(sent)
    assert form.errors["starts"] == [message]
    tree = parse(render("{% error_summary form %}{{ form|crispy }}", form=form))
    assert [e.get("href") for e in tree.iter("a")] == [f"#id_starts_{first}"]
    ids = by_id(tree)
    assert ids[f"id_starts_{first}"].get("aria-invalid") == "true"
    assert [ids[f"id_starts_{part}"].get("value") for part in ("day", "month", "year")] == list(boxes)


@pytest.mark.parametrize("month", ["3", "03", "March", "mar", "MARCH"])
def test_months_may_be_words(month):
    form = Plan({"starts_day": "1", "starts_month": month, "starts_year": "2026"})
    assert form.is_valid()


def test_dates_have_limits_and_may_come_in_one_piece():
    field = DateInputsField(label="Born", latest=lambda: date(2026, 1, 1), required=False)
    assert field.clean(["", "", ""]) is None
    with pytest.raises(forms.ValidationError, match="Born must be 1 January 2026 or earlier"):
        field.clean(["2", "1", "2026"])
    assert field.widget.value_from_datadict({"born": "2025-12-31"}, {}, "born") == ["31", "12", "2025"]
    assert field.has_changed(date(2025, 12, 31), ["31", "12", "2025"]) is False
    assert field.has_changed(None, ["x", "", ""]) is True


def test_a_date_that_is_known_fills_its_boxes():
    ids = by_id(parse(render("{{ form|crispy }}", form=Plan(initial={"starts": date(2026, 3, 27)}))))
    assert [ids[f"id_starts_{part}"].get("value") for part in ("day", "month", "year")] == ["27", "3", "2026"]


def test_long_text_counts_a_line_end_once():
    field = LongTextField(max_length=30)
    with pytest.raises(forms.ValidationError):
        field.clean("a\r\n" * 15 + "b")
    assert field.clean("a\r\n" * 14 + "bc") == "a\n" * 14 + "bc"
