"""Pupils and contacts entered and changed by hand."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.generic import FormView

from consent.access import contact_rules, pupil_rules
from consent.forms.imports import ContactChangeForm, ContactForm, PupilForm
from consent.models import Contact, Pupil, Tie
from consent.services.imports_accept import PUPIL_FIELDS
from consent.services.pupils import contact_save, pupil_save
from consent.views.base import ConsentSchoolMixin
from core.views import AccessMixin, InputMixin, ObjectMixin, redirect


def page_of(pupil: Pupil) -> str:
    """The page of a pupil."""
    return reverse("consent:pupil-detail", args=[pupil.uuid])


class PupilAdd(ConsentSchoolMixin, InputMixin, AccessMixin, FormView):
    """Add a pupil to the register of one of the person's schools."""

    rules = pupil_rules
    action = "record"
    form_class = PupilForm
    template_name = "consent/import_pupil.html"

    def get_initial(self) -> dict:
        """One page adds one pupil."""
        return {"once": uuid.uuid4(), "school": self.place.uuid if self.place else None}

    def get_context_data(self, **kwargs: Any) -> dict:
        """Where it leads back to."""
        return super().get_context_data(
            title="Add a pupil",
            caption=str(self.place or ""),
            button="Add the pupil",
            back=reverse("consent:home"),
            back_text="Image consent",
            **kwargs,
        )

    def perform(self, form: PupilForm) -> HttpResponse:
        """Add them."""
        pupil = pupil_save(
            actor=self.request.user,
            school=self.school,
            pupil=None,
            values=form.cleaned_data,
            once=form.cleaned_data["once"],
        )
        messages.success(self.request, "The pupil was added.")
        return redirect(page_of(pupil))


class PupilChange(ObjectMixin, InputMixin, FormView):
    """Change what the register says about a pupil."""

    rules = pupil_rules
    action = "record"
    select_related = ("school",)
    form_class = PupilForm
    template_name = "consent/import_pupil.html"
    object: Pupil

    def get_initial(self) -> dict:
        """As it stands."""
        return {"once": uuid.uuid4(), **{name: getattr(self.object, name) for name in PUPIL_FIELDS}}

    def get_context_data(self, **kwargs: Any) -> dict:
        """Whom it is about."""
        return super().get_context_data(
            title="Change the pupil’s details",
            caption=f"{self.object}, {self.object.school}",
            button="Save",
            back=page_of(self.object),
            back_text=str(self.object),
            place=self.object.school,
            **kwargs,
        )

    def perform(self, form: PupilForm) -> HttpResponse:
        """Save it."""
        pupil_save(
            actor=self.request.user,
            school=self.object.school,
            pupil=self.object,
            values=form.cleaned_data,
            once=form.cleaned_data["once"],
        )
        messages.success(self.request, "The pupil’s details were saved.")
        return redirect(page_of(self.object))


class ContactAdd(ObjectMixin, InputMixin, FormView):
    """Add a contact of a pupil."""

    rules = pupil_rules
    action = "record"
    select_related = ("school",)
    form_class = ContactForm
    template_name = "consent/import_pupil.html"
    object: Pupil

    def get_context_data(self, **kwargs: Any) -> dict:
        """Whom it is about."""
        return super().get_context_data(
            title="Add a contact",
            caption=f"{self.object}, {self.object.school}",
            text="Whoever is a contact of a brother or sister already is not added twice: enter the same name "
            "and e-mail address.",
            button="Add the contact",
            back=page_of(self.object),
            back_text=str(self.object),
            place=self.object.school,
            **kwargs,
        )

    def perform(self, form: ContactForm) -> HttpResponse:
        """Add them."""
        contact_save(actor=self.request.user, pupil=self.object, contact=None, values=form.cleaned_data)
        messages.success(self.request, "The contact was added.")
        return redirect(page_of(self.object))


class ContactChange(ObjectMixin, InputMixin, FormView):
    """Change a contact, and how they belong to one pupil (`pupil` of the address; else the first)."""

    rules = contact_rules
    action = "record"
    select_related = ("school",)
    form_class = ContactChangeForm
    template_name = "consent/import_pupil.html"
    object: Contact
    tie: Tie

    def find(self, request: HttpRequest, uuid: Any) -> Contact:
        """The contact, and the tie to the pupil."""
        contact: Contact = super().find(request, uuid)
        ties = contact.ties.filter(pupil__in=pupil_rules.visible_to(request.user, "record"))
        asked = request.GET.get("pupil")
        if asked:
            ties = ties.filter(pupil__uuid=_uuid(asked))
        tie = ties.select_related("pupil__school").order_by("-active", "pk").first()
        if tie is None:
            raise Http404("No such page")
        self.tie = tie
        return contact

    def get_initial(self) -> dict:
        """As it stands."""
        return {
            "name": self.object.name,
            "email": self.object.email,
            "relationship": self.tie.relationship,
            "responsibility": self.tie.responsibility,
            "active": "yes" if self.tie.active else "no",
        }

    def get_context_data(self, **kwargs: Any) -> dict:
        """For which pupil."""
        pupil = self.tie.pupil
        return super().get_context_data(
            title="Change a contact",
            caption=f"{self.object}, for {pupil}",
            text="Name and e-mail address change for every pupil of whom they are a contact; the rest for "
            f"{pupil} alone.",
            button="Save",
            back=page_of(pupil),
            back_text=str(pupil),
            place=pupil.school,
            **kwargs,
        )

    def perform(self, form: ContactChangeForm) -> HttpResponse:
        """Save it."""
        values = {**form.cleaned_data, "active": form.cleaned_data["active"] == "yes"}
        contact_save(actor=self.request.user, pupil=self.tie.pupil, contact=self.object, values=values)
        messages.success(self.request, "The contact was saved.")
        return redirect(page_of(self.tie.pupil))


def _uuid(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError as error:
        raise Http404("No such page") from error
