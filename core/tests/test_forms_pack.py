"""The form templates: labels, hints, errors and links belong together (design, 9; quality, People)."""

from datetime import date

import pytest
from crispy_forms.helper import FormHelper
from crispy_forms.layout import ButtonHolder, Div, Fieldset, Layout, Submit
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import models
from django.http import QueryDict
from django.test import RequestFactory
from django.test.utils import isolate_apps

from core.forms import DateInputsField, LongTextField, PortalForm, PortalModelForm
from core.tests.markup import HOSTILE, by_id, parse, render, skeleton, words

WAYS = ["{% crispy form %}", "{{ form|crispy }}"]


class EveryField(PortalForm):
    name = forms.CharField(label="Name of the account", max_length=20, help_text="As people see it")
    email = forms.EmailField(label="E-mail")
    site = forms.URLField(label="Web address", assume_scheme="https", required=False)
    followers = forms.IntegerField(label="Followers", min_value=0)
    secret = forms.CharField(label="Password", widget=forms.PasswordInput(attrs={"autocomplete": "off"}))
    reasons = LongTextField(label="Why is it needed?", max_length=30, help_text="A sentence or two")
    owner = forms.ChoiceField(label="Person in charge", choices=[("", "---------"), ("1", "Amira")])
    platform = forms.ChoiceField(
        label="Which platform?",
        widget=forms.RadioSelect,
        choices=[("facebook", "Facebook"), ("other", "Another")],
        help_text="One only",
    )
    other = forms.CharField(label="Name of the platform")
    audience = forms.MultipleChoiceField(
        label="Who is it for?",
        widget=forms.CheckboxSelectMultiple,
        choices=[("a", "Parents"), ("b", "Pupils")],
    )
    starts = DateInputsField(label="First day", help_text="For example, 27 3 2026")
    form_file = forms.FileField(label="Signed form")
    agree = forms.BooleanField(label="I agree", help_text="You sign next")
    token = forms.CharField(widget=forms.HiddenInput, required=False)
    missing = {"name": "Enter the name of the account"}
    reveals = {"platform": {"other": ["other"]}}
    option_hints = {"platform": {"facebook": "A page or a group"}}
    prefixes = {"name": "@"}
    widths = {"followers": 5}


def data(**values) -> QueryDict:
    query = QueryDict(mutable=True)
    for name, value in values.items():
        query.setlist(name, value if isinstance(value, list) else [value])
    return query


GOOD = {
    "name": "PE",
    "email": "pe@example.org",
    "followers": "12",
    "secret": "x",
    "reasons": "To show matches",
    "owner": "1",
    "platform": "facebook",
    "audience": ["a", "b"],
    "starts_day": "27",
    "starts_month": "3",
    "starts_year": "2026",
    "agree": "on",
}


def files() -> dict:
    return {"form_file": SimpleUploadedFile("a.pdf", b"x")}


def visible_boxes(tree):
    for element in tree.iter():
        if element.tag in ("input", "select", "textarea") and element.get("type") != "hidden":
            yield element


def test_the_good_answers_are_good():
    form = EveryField(data(**GOOD), files())
    assert form.is_valid(), form.errors
    assert form.cleaned_data["starts"] == date(2026, 3, 27)


# Structure


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("bound", [False, True])
def test_every_box_has_one_label_and_every_reference_leads_somewhere(way, bound):
    form = EveryField(data(), {}) if bound else EveryField()
    tree = parse(render(way, form=form))
    ids = by_id(tree)
    labels = [e.get("for") for e in tree.iter("label")]
    assert len(labels) == len(set(labels))
    boxes = list(visible_boxes(tree))
    assert {e.get("id") for e in boxes} == set(labels)
    for element in tree.iter():
        for name in ("aria-describedby", "aria-controls", "data-aria-controls"):
            for target in (element.get(name) or "").split():
                assert target in ids, f"{name}={target} leads nowhere"


@pytest.mark.parametrize("way", WAYS)
def test_groups_stand_in_a_fieldset_with_a_legend(way):
    tree = parse(render(way, form=EveryField()))
    legends = [words(e) for e in tree.iter("legend")]
    assert legends == ["Which platform?", "Who is it for?", "First day"]


def test_hint_error_and_counter_are_all_read_out():
    tree = parse(render("{{ form|crispy }}", form=EveryField(data(reasons="x" * 31))))
    box = by_id(tree)["id_reasons"]
    described = box.get("aria-describedby").split()
    assert described == ["id_reasons_helptext", "id_reasons_error", "id_reasons-info"]
    assert box.get("aria-invalid") == "true"
    assert "Why is it needed must be 30 characters or fewer" in words(by_id(tree)["id_reasons_error"])
    assert words(by_id(tree)["id_reasons_error"]).startswith("Error:")


def test_boxes_suit_what_is_typed_and_never_cut_it():
    ids = by_id(parse(render("{{ form|crispy }}", form=EveryField())))
    assert ids["id_email"].get("type") == "email"
    assert ids["id_site"].get("type") == "url"
    assert (ids["id_followers"].get("type"), ids["id_followers"].get("inputmode")) == ("text", "numeric")
    assert ids["id_secret"].get("autocomplete") == "off"
    assert ids["id_starts_day"].get("inputmode") == "numeric"
    assert not [e for e in ids.values() if e.get("maxlength") or e.get("placeholder") or e.get("required")]


def test_only_optional_fields_say_so():
    tree = parse(render("{{ form|crispy }}", form=EveryField()))
    marked = [words(e) for e in tree.iter("label") if "(optional)" in words(e)]
    assert marked == ["Web address (optional)"]


def test_the_empty_choice_is_no_row_of_dashes():
    tree = parse(render("{{ form|crispy }}", form=EveryField()))
    assert [words(e) for e in tree.iter("option")] == ["Choose one", "Amira"]


def test_revealed_field_stands_under_its_option_and_shows_without_script():
    tree = parse(render("{% crispy form %}", form=EveryField()))
    ids = by_id(tree)
    opener = ids["id_platform_1"]
    place = ids[opener.get("data-aria-controls")]
    assert "id_other" in {e.get("id") for e in place.iter()}
    assert "govuk-radios__conditional--hidden" in place.get("class")
    assert place.get("hidden") is None
    chosen = by_id(parse(render("{% crispy form %}", form=EveryField(data(platform="other")))))
    assert "hidden" not in chosen["id_platform_1_more"].get("class")


@pytest.mark.parametrize("payload", HOSTILE)
def test_no_text_changes_the_skeleton_of_a_form(payload):
    def page(text: str) -> str:
        class Hostile(PortalForm):
            a = forms.CharField(label=text, help_text=text)
            b = forms.ChoiceField(label=text, widget=forms.RadioSelect, choices=[("1", text)])
            c = forms.ChoiceField(label=text, choices=[("1", text)])
            d = DateInputsField(label=text, help_text=text)
            e = forms.BooleanField(label=text, help_text=text)
            f = LongTextField(label=text)
            missing = dict.fromkeys("abcdef", text)
            option_hints = {"b": {"1": text}}
            prefixes = {"a": text}

        typed = {"a": text, "b": text, "c": text, "d_day": text, "d_month": text, "d_year": text, "f": text}
        form = Hostile(data(**typed))
        form.add_error("a", text)
        form.add_error(None, text)
        return render("{% error_summary form %}{% crispy form %}", form=form)

    assert skeleton(page(payload)) == skeleton(page("Plain words"))


# The error summary


def test_every_link_of_the_summary_lands_on_its_box():
    form = EveryField(data(platform="other", starts_day="31", starts_year="2026"), {})
    form.add_error(None, "There is an open request already")
    tree = parse(render("{% error_summary %}{% crispy form %}", form=form))
    ids = by_id(tree)
    targets = [e.get("href")[1:] for e in tree.iter("a")]
    assert targets == [
        "id_name",
        "id_email",
        "id_followers",
        "id_secret",
        "id_reasons",
        "id_owner",
        "id_platform_0" if "platform" in form.errors else "id_other",
        "id_audience_0",
        "id_starts_month",
        "id_form_file",
        "id_agree",
    ]
    for target in targets:
        assert ids[target].tag in ("input", "select", "textarea")
        assert ids[target].get("type") != "hidden"
    assert "There is an open request already" in words(tree)


def test_radios_without_an_answer_are_linked_to_their_first_option():
    tree = parse(render("{% error_summary form %}", form=EveryField(data())))
    assert "#id_platform_0" in [e.get("href") for e in tree.iter("a")]


def test_a_page_lists_the_errors_of_a_form_once_and_names_them_in_its_title():
    request = RequestFactory().post("/")
    form = EveryField(data(), {})
    form.add_error(None, "Not now")
    source = "{% error_prefix %}{% error_summary %}{% error_summary form %}{% crispy form %}"
    markup = render(source, decision=form, form=form, request=request)
    assert words(parse(markup)).startswith("Error: There is a problem Not now")
    assert markup.count("There is a problem") == 1
    assert markup.count("Not now") == 1


def test_a_form_without_a_summary_still_says_its_loose_errors():
    form = EveryField(data(), {})
    form.add_error(None, "Not now")
    assert "Not now" in render("{{ form|crispy }}", form=form)


def test_without_errors_there_is_no_summary():
    assert "problem" not in render("{% error_summary %}{% error_prefix %}", form=EveryField())


def test_formset_errors_lead_to_the_right_row():
    rows = forms.formset_factory(EveryField, extra=0)
    sent = data(**{"form-TOTAL_FORMS": "2", "form-INITIAL_FORMS": "0", "form-1-name": "PE"})
    formset = rows(sent)
    tree = parse(render("{% error_summary %}{{ formset|crispy }}", formset=formset))
    ids = by_id(tree)
    assert "id_form-1-name" in ids
    targets = [e.get("href")[1:] for e in tree.iter("a")]
    assert "id_form-1-email" in targets
    assert all(target in ids for target in targets)


# What the forms say and do


def test_messages_say_what_to_do():
    form = EveryField(data(email="x", platform="other", owner="9"))
    assert form.errors["name"] == ["Enter the name of the account"]
    assert form.errors["email"] == ["Enter an e-mail address in the right form, like name@example.com"]
    assert form.errors["followers"] == ["Enter followers"]
    assert form.errors["reasons"] == ["Answer “Why is it needed?”"]
    assert form.errors["owner"] == ["Choose one of the answers on the page"]
    assert form.errors["audience"] == ["Answer “Who is it for?”"]
    assert form.errors["other"] == ["Enter name of the platform"]
    assert form.errors["form_file"] == ["Choose a file for signed form"]
    assert form.errors["agree"] == ["Tick “I agree” to go on"]
    assert EveryField(data(followers="-1")).errors["followers"] == ["Followers must be 0 or more"]


def test_a_form_of_another_package_says_it_too():
    class Foreign(forms.Form):
        login = forms.EmailField(label="Email")

    tree = parse(render("{% error_summary form %}{{ form|crispy }}", form=Foreign({})))
    assert words(tree).count("Enter your e-mail address") == 2
    assert "required" not in words(tree)


def test_a_field_under_an_option_counts_only_when_the_option_is_chosen():
    unchosen = EveryField(data(**GOOD, other="left over"), files())
    assert unchosen.is_valid()
    assert unchosen.cleaned_data["other"] == ""
    empty = EveryField(data(**{**GOOD, "platform": "other"}), files())
    assert list(empty.errors) == ["other"]
    filled = EveryField(data(**{**GOOD, "platform": "other"}, other="Bluesky"), files())
    assert filled.is_valid()
    assert filled.cleaned_data["other"] == "Bluesky"


# Forms of models, and fields with several boxes


@isolate_apps("core")
def test_a_form_of_a_model_asks_for_dates_in_three_boxes_and_names_the_empty_choice():
    class Review(models.Model):
        due = models.DateField("Next review", help_text="At most a year away")
        kind = models.CharField("Kind", max_length=1, choices=[("a", "Yearly"), ("b", "After an incident")])
        way = models.CharField("Way", max_length=1, choices=[("a", "On paper"), ("b", "At a meeting")])

        class Meta:
            app_label = "core"

    class ReviewForm(PortalModelForm):
        class Meta:
            model = Review
            fields = ("due", "kind", "way")
            widgets = {"way": forms.RadioSelect}

    tree = parse(render("{{ form|crispy }}", form=ReviewForm(instance=Review(due=date(2026, 3, 27)))))
    ids = by_id(tree)
    assert [ids[f"id_due_{part}"].get("value") for part in ("day", "month", "year")] == ["27", "3", "2026"]
    assert words(ids["id_due_helptext"]) == "At most a year away"
    assert [words(e) for e in tree.iter("option")] == ["Choose one", "Yearly", "After an incident"]
    assert [e.get("value") for e in tree.iter("input") if e.get("type") == "radio"] == ["a", "b"]
    sent = ReviewForm(data(due_day="1", due_month="4", due_year="2026", kind="a", way="b"))
    assert sent.is_valid()
    assert sent.save(commit=False).due == date(2026, 4, 1)


def test_a_field_with_several_boxes_names_each_of_them():
    class Seen(PortalForm):
        when = forms.SplitDateTimeField(label="When was it seen?")

    tree = parse(render("{% error_summary form %}{{ form|crispy }}", form=Seen({})))
    ids = by_id(tree)
    assert ids["id_when_0"].get("aria-label") == "When was it seen?: Date"
    assert [e.get("href") for e in tree.iter("a")] == ["#id_when_0"]


# crispy-forms


def test_layouts_and_buttons_of_crispy_forms_render():
    class Laid(PortalForm):
        a = forms.CharField(label="A")
        b = forms.CharField(label="B")

        def __init__(self, *args, **kwargs):
            super().__init__(*args, **kwargs)
            self.helper.layout = Layout(Fieldset("First", "a"), Div("b", css_class="x"))

    form = Laid()
    tree = parse(render("{% crispy form %}", form=form))
    assert not list(tree.iter("form"))
    assert [words(e) for e in tree.iter("legend")] == ["First"]
    helper = FormHelper()
    helper.layout = Layout("a", ButtonHolder(Submit("go", "Send it")))
    markup = render("{% crispy form helper %}", form=Laid(), helper=helper)
    button = next(parse(markup).iter("button"))
    assert (button.get("type"), words(button)) == ("submit", "Send it")
    assert "btn" not in button.get("class").replace("govuk-button", "")
    assert "novalidate" in markup


def test_form_field_replaces_label_and_hint():
    form = EveryField()
    tree = parse(render("{% form_field form.name label='Handle' hint='' %}", form=form))
    assert [words(e) for e in tree.iter("label")] == ["Handle"]
    assert by_id(tree)["id_name"].get("aria-describedby") is None
