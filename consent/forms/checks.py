"""Forms of the consent check and the class photo list."""

import uuid
from collections.abc import Iterable
from typing import Any, NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from consent.checking import MOST_NAMES, PERSONAL, TYPED, Entry, Roster, lines_of
from consent.ledger import PurposeFacts, Use
from consent.models import Channel, Medium, Purpose
from consent.pictures import may_name
from consent.selectors import PURPOSE_FACTS
from consent.services.checks import Question
from consent.terms import Terms
from core.forms import FilterForm, LongTextField, PortalForm
from people.governance.profile import Profile
from people.governance.who import joined

OWN_ACCOUNT = "My own or a colleague’s account"
GONE = "One of the pupils whom you chose is no longer on the list of this school. Find them again."


class AskedUse(NamedTuple):
    """A purpose of the school, as far as the form offers it."""

    facts: PurposeFacts
    slug: str | None
    platform: str | None


def uses_of(school: Any) -> list[AskedUse]:
    """What a school asks about now, with its platforms, in one query."""
    rows = Purpose.objects.filter(school=school, retired_at=None).order_by("order", "pk")
    rows = rows.values_list(*PURPOSE_FACTS, "platform__slug", "platform__name")
    return [AskedUse(PurposeFacts(*row[:-2]), row[-2], row[-1]) for row in rows]


def media_of(uses: Iterable[AskedUse]) -> list[tuple[str, str]]:
    """The media that the school asks about; photographs and videos are told apart in every check."""
    asked = {one.facts.medium for one in uses} or {Medium.BOTH}
    if Medium.BOTH in asked:
        asked |= {Medium.IMAGE, Medium.VIDEO}
    return [(medium.value, medium.label) for medium in Medium if medium in asked and medium != Medium.BOTH]


def channels_of(uses: Iterable[AskedUse], terms: Terms, in_trust: bool) -> list[tuple[str, str]]:
    """Where pictures may be meant to go. Those to which the school never shows pupils come last."""
    offered = [one for one in Channel if one != Channel.PLATFORM and (one != Channel.TRUST or in_trust)]
    platforms = {
        f"platform:{one.slug}": f"The school’s account on {one.platform}"
        for one in uses
        if one.facts.channel == Channel.PLATFORM
    }
    open_first = [one for one in offered if terms.publishes(one)]
    closed = [one for one in offered if not terms.publishes(one)]
    names = dict.fromkeys(one.platform for one in uses if one.facts.channel == Channel.PLATFORM)
    named = [(one.value, where_words(one, names)) for one in open_first]
    place = 1 if Channel.SCHOOL in open_first else 0
    return [
        *named[:place],
        *platforms.items(),
        *named[place:],
        *((one.value, one.label) for one in closed),
        (PERSONAL, OWN_ACCOUNT),
    ]


def where_words(channel: str, platforms: Iterable[str]) -> str:
    """A channel in words. An answer about the school's accounts says nothing of one with a question of its own."""
    names = list(platforms)
    if channel != Channel.SCHOOL or not names:
        return Channel(channel).label
    return f"The school's other social media accounts, not {joined(names, 'or')}"


class ChosenPupils(forms.MultipleChoiceField):
    """Pupils by public id. Any pupil of the roster may be sent; only some are shown."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, **kwargs)
        self.roster = Roster(())

    def clean(self, value: Any) -> tuple[uuid.UUID, ...]:
        """The ids. An id of no pupil and one of another school are refused alike."""
        found: dict[uuid.UUID, None] = {}
        for text in value or ():
            try:
                key = uuid.UUID(str(text))
            except ValueError:
                key = None
            if key not in self.roster.by_uuid:
                raise ValidationError(GONE, code="gone")
            found[key] = None
        return tuple(found)


class CheckForm(PortalForm):
    """Whom one asks about, and the exact use (CIT-7.18, STM-7.24)."""

    classes = forms.MultipleChoiceField(label="Classes", required=False, widget=forms.CheckboxSelectMultiple)
    pupil = ChosenPupils(label="Pupils")
    names = LongTextField(
        label="Names",
        help_text=("Type or paste one name a line, in either order. A class beside it helps: Sam Smith (5A)"),
        required=False,
        rows=4,
    )
    medium = forms.ChoiceField(label="What will be shown?", widget=forms.RadioSelect)
    channel = forms.ChoiceField(label="Where?", widget=forms.RadioSelect)
    in_group = forms.ChoiceField(
        label="Alone or in a group?",
        widget=forms.RadioSelect,
        choices=[("alone", "Alone"), ("group", "In a group")],
    )
    first_name = forms.BooleanField(label="The first name stands beside it", required=False)
    missing = {
        "medium": "Choose what will be shown",
        "channel": "Choose where it will be shown",
        "in_group": "Choose alone or in a group",
    }
    inline = ("in_group",)
    mark_optional = False

    def __init__(
        self,
        *args: Any,
        roster: Roster,
        uses: list[AskedUse],
        profile: Profile,
        terms: Terms,
        in_trust: bool,
        found: Iterable[Entry] = (),
        searched: str = "",
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.roster, self.uses, self.profile = roster, uses, profile
        self.fields["names"].widget.attrs.update(spellcheck="false", autocapitalize="words")
        self.fields["classes"].choices = [(name, name) for name in roster.classes]
        self.fields["medium"].choices = media_of(uses)
        self.fields["channel"].choices = channels_of(uses, terms, in_trust)
        closed = "Your school shows no pictures of pupils there"
        self.option_hints = {
            "channel": {one.value: closed for one in Channel if not terms.publishes(one)}
            | {PERSONAL: "Never: the answer says why"}
        }
        if not may_name(profile):
            del self.fields["first_name"]
        if not roster.classes:
            del self.fields["classes"]
        self._show_pupils(list(found), searched)

    def _show_pupils(self, found: list[Entry], searched: str) -> None:
        """Boxes for the pupils chosen so far, and for those just found."""
        field = self.fields["pupil"]
        field.roster = self.roster
        chosen = self._chosen_pupils()
        groups = [("Chosen by name", chosen)] if chosen else []
        more = [entry for entry in found if entry not in chosen]
        if more:
            groups.append((f"Found for “{searched}”: tick whom you mean", more))
        field.choices = [
            (title, [(str(one.uuid), one.label) for one in entries]) for title, entries in groups
        ]
        if not groups:
            field.widget = forms.MultipleHiddenInput()

    def _chosen_pupils(self) -> list[Entry]:
        sent = (
            self.data.getlist("pupil") if isinstance(self.data, QueryDict) else self.initial.get("pupil", ())
        )
        by_text = {str(entry.uuid): entry for entry in self.roster.entries} if sent else {}
        return [by_text[text] for text in dict.fromkeys(map(str, sent)) if text in by_text]

    def clean_names(self) -> str:
        """Not more names than a check takes."""
        text = self.cleaned_data["names"]
        if len(text) > MOST_NAMES * TYPED or len(lines_of(text)) > MOST_NAMES:
            raise ValidationError(f"Paste {MOST_NAMES} names or fewer. Check the others in a second go.")
        return text

    def clean(self) -> dict:
        """Somebody must be asked about, and what the policy says of names is kept."""
        data = super().clean()
        if "pupil" in self.errors and isinstance(self.fields["pupil"].widget, forms.MultipleHiddenInput):
            del self.errors["pupil"]  # there is no box beside which it could stand
            self.add_error("names", GONE)
        asked = data.get("classes") or data.get("pupil") or lines_of(data.get("names") or "")
        wrong = any(name in self.errors for name in ("classes", "pupil", "names"))
        if not asked and not wrong:
            place = "classes" if "classes" in self.fields else "names"
            self.add_error(place, "Choose a class, find a pupil, or type a name")
        if data.get("first_name") and data.get("in_group") == "group" and self.profile.general_labels_only:
            self.add_error(
                "first_name",
                "Your school labels pictures of a group only in general, such as “sports day”. "
                "Leave the first name out",
            )
        return data

    def question(self) -> Question:
        """What was asked, after it was found to be right."""
        data = self.cleaned_data
        channel, _, slug = data["channel"].partition(":")
        platform = next((one.facts.platform for one in self.uses if slug and one.slug == slug), None)
        use = Use(
            medium=data["medium"],
            channel=channel,
            platform=platform,
            in_group=data["in_group"] == "group",
            first_name=bool(data.get("first_name")),
        )
        return Question(use, tuple(data.get("classes") or ()), data["pupil"], data["names"])

    def use_in_words(self) -> str:
        """The use in one line: "Photographs, The school's website, in a group, without a name"."""
        data = self.cleaned_data
        what = dict(self.fields["medium"].choices)[data["medium"]]
        where = dict(self.fields["channel"].choices)[data["channel"]]
        return in_words(what, where, data["in_group"] == "group", bool(data.get("first_name")))


def in_words(what: str, where: str, in_group: bool, first_name: bool) -> str:
    """A use in one line."""
    group = "in a group" if in_group else "alone"
    name = "with the first name" if first_name else "without a name"
    return f"{what}. {where}. Shown {group}, {name}."


class KeepForm(CheckForm):
    """A check with what is needed to keep it."""

    what = forms.CharField(
        label="What is it for?",
        help_text="For example: Sports day, on our Instagram",
        max_length=150,
    )
    once = forms.UUIDField(widget=forms.HiddenInput)
    field_order = ("what",)
    missing = {
        **CheckForm.missing,
        "what": "Say what the pictures are for",
        "once": "This page is out of date. Check again, then keep the new check",
    }


class PhotoListForm(CheckForm):
    """A class photo list: a check that is printed and taken along."""

    what = forms.CharField(
        label="Which trip or event?",
        help_text="It stands at the top of the list",
        required=False,
        max_length=100,
    )


def typed(data: QueryDict, fields: Iterable[str]) -> dict[str, Any]:
    """What was typed so far, to show it again before the form is complete."""
    several = ("classes", "pupil")
    return {name: data.getlist(name) if name in several else data.get(name, "") for name in fields}


class KeptFilter(FilterForm):
    """The search above the kept checks."""

    q = forms.CharField(label="What it was for, or who asked", max_length=TYPED)
