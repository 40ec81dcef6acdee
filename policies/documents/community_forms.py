"""Input of the pages about notices for pupils, parents and staff."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone

from core.forms import DateInputsField, FilterForm, LongTextField, PortalForm
from people.selectors import Place
from policies.documents.community import MOST_NOTE, MOST_WORDS
from policies.models import CommunityNotice, Document


class NoticeFilter(FilterForm):
    """Search and filters above the list."""

    q = forms.CharField(label="Subject")
    state = forms.ChoiceField(
        label="Status",
        choices=[("", "Any"), ("open", "To be told"), ("sent", "Told"), ("dropped", "Put aside")],
    )
    audience = forms.ChoiceField(
        label="Who is told", choices=[("", "Anybody"), *CommunityNotice.Audience.choices]
    )
    topic = forms.ChoiceField(label="About", choices=[("", "Anything"), *CommunityNotice.Topic.choices])
    school = forms.ChoiceField(label="School")

    def __init__(self, *args: Any, places: list[Place], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if len(places) > 1:
            self.fields["school"].choices = [("", "All"), *((str(one.uuid), one.name) for one in places)]
        else:
            del self.fields["school"]


class NewForm(PortalForm):
    """What a new notice is about, and for whom it is."""

    once = forms.UUIDField(widget=forms.HiddenInput)
    topic = forms.ChoiceField(
        label="What is it about?", choices=CommunityNotice.Topic.choices, widget=forms.RadioSelect
    )
    audience = forms.ChoiceField(
        label="Who is told?", choices=CommunityNotice.Audience.choices, widget=forms.RadioSelect
    )
    document = forms.ModelChoiceField(
        label="About which document?",
        queryset=Document.objects.none(),
        to_field_name="uuid",
        required=False,
        empty_label="None",
    )
    missing = {"topic": "Choose what it is about", "audience": "Choose who is told"}

    def __init__(self, *args: Any, documents: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["document"].queryset = documents


class WordsForm(PortalForm):
    """The words of a notice."""

    seen = forms.CharField(widget=forms.HiddenInput)
    subject = forms.CharField(label="Subject", max_length=200)
    text = LongTextField(
        label="Words", help_text="Fill in what stands in square brackets.", max_length=MOST_WORDS, rows=18
    )
    missing = {"subject": "Enter a subject", "text": "Enter the words of the notice"}


class SentForm(PortalForm):
    """On which day, and how."""

    seen = forms.CharField(widget=forms.HiddenInput)
    sent_on = DateInputsField(
        label="On which day were they told?",
        earliest=lambda: timezone.localdate() - timedelta(days=366),
        latest=timezone.localdate,
    )
    channel = forms.ChoiceField(
        label="How?", choices=CommunityNotice.Channel.choices, widget=forms.RadioSelect
    )
    note = forms.CharField(
        label="Anything to add",
        help_text="For example to whom, and what came back",
        max_length=MOST_NOTE,
        required=False,
    )
    missing = {"sent_on": "Enter the day on which they were told", "channel": "Choose how they were told"}


class DropForm(PortalForm):
    """Why nobody is told."""

    reason = forms.CharField(label="Why is nobody told?", max_length=MOST_NOTE)
    missing = {"reason": "Say why nobody is told"}
