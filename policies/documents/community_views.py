"""Notices for pupils, parents and staff: the list, one notice with its words, and what became of it."""

import uuid
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.generic import FormView, TemplateView

from core.paging import rows_in_order
from core.tables import Column, Link, Status, Table, ordering
from core.views import AccessMixin, KeptInputMixin, ObjectMixin, redirect
from people.selectors import Place, places_of
from people.views.own_school import OwnSchoolMixin
from policies.documents.access import document_rules, notice_rules
from policies.documents.community import (
    mark_of,
    notice_drop,
    notice_edit,
    notice_make,
    notice_sent,
)
from policies.documents.community_forms import DropForm, NewForm, NoticeFilter, SentForm, WordsForm
from policies.documents.selectors import in_force
from policies.documents.suggested import GAP, Words
from policies.models import CommunityNotice

PAGE = 25


def status_of(notice: CommunityNotice) -> str:
    """A value of core.statuses."""
    if notice.dropped_at is not None:
        return "notice_dropped"
    return "notice_sent" if notice.sent_on else "notice_to_send"


class CommunityList(AccessMixin, TemplateView):
    """Who was told what, and who is still to be told."""

    rules = notice_rules
    template_name = "policies/documents/community_list.html"

    @cached_property
    def places(self) -> list[Place]:
        """The schools of this list."""
        return places_of(self.rules.schools(self.request.user, "view"))

    def get_context_data(self, **kwargs: Any) -> dict:
        """One page of them."""
        form = NoticeFilter(self.request.GET or None, places=self.places)
        chosen, rows = form.chosen, self.get_queryset()
        for word in chosen.get("q", "").split():
            rows = rows.filter(subject__icontains=word)
        for name in ("audience", "topic"):
            if chosen.get(name):
                rows = rows.filter(**{name: chosen[name]})
        if chosen.get("school"):
            rows = rows.filter(school__uuid=chosen["school"])
        states = {
            "open": Q(sent_on=None, dropped_at=None),
            "sent": Q(sent_on__isnull=False),
            "dropped": Q(dropped_at__isnull=False),
        }
        rows = rows.filter(states.get(chosen.get("state", ""), Q()))
        columns = self._columns()
        keys = rows.order_by(*ordering(self.request, columns, "-made")).values_list("pk", flat=True)
        page = Paginator(keys, PAGE).get_page(self.request.GET.get("page"))
        found = rows_in_order(
            CommunityNotice.objects.select_related("school").defer("text"), page.object_list
        )
        return super().get_context_data(
            form=form,
            page_obj=page,
            table=self._table(columns, found),
            may_make=bool(self.rules.schools(self.request.user, "make")),
            **kwargs,
        )

    def _columns(self) -> list[Column]:
        many = len(self.places) > 1
        return [
            Column("subject", "Notice", sortable=True),
            Column("audience", "Who is told", sortable=True),
            Column("topic", "About", sortable=True),
            *([Column("school", "School", sortable=True, order_by="school__name")] if many else []),
            Column("made", "Made", sortable=True, order_by="made_at"),
            Column("sent", "Told on", sortable=True, order_by="sent_on"),
            Column("state", "Status"),
        ]

    def _table(self, columns: list[Column], rows: list[CommunityNotice]) -> Table:
        return Table(
            columns,
            [
                {
                    "subject": Link(
                        row.subject or "(no subject yet)",
                        notice_url(row),
                        f"for {row.get_audience_display()}",
                    ),
                    "audience": row.get_audience_display(),
                    "topic": row.get_topic_display(),
                    "school": row.school.name,
                    "made": row.made_at,
                    "sent": row.sent_on,
                    "state": Status(status_of(row)),
                }
                for row in rows
            ],
            "Notices",
            self.request,
            "-made",
            caption_hidden=True,
        )


class CommunityNew(OwnSchoolMixin, KeptInputMixin, AccessMixin, FormView):
    """Begin a notice by hand: its suggested words are edited on the next page."""

    rules = notice_rules
    action = "make"
    template_name = "policies/documents/community_new.html"
    form_class = NewForm

    def get_initial(self) -> dict[str, Any]:
        """One page makes one; a document's page leads here with the document chosen."""
        document = self.request.GET.get("document", "")
        return {"once": uuid.uuid4(), "document": document, **({"topic": "policy"} if document else {})}

    def get_form_kwargs(self) -> dict[str, Any]:
        """Documents in force at the school, or in its trust."""
        rows = document_rules.visible_to(self.request.user, "view").filter(
            versions__state="in_force", retired_at=None
        )
        here = Q(school=self.school)
        if self.school.trust_id:
            here |= Q(for_trust=True, school__trust=self.school.trust_id)
        return {**super().get_form_kwargs(), "documents": rows.filter(here).order_by("title", "pk")}

    def get_form(self, form_class: type[NewForm] | None = None) -> NewForm | None:
        """No form before the school is known."""
        return super().get_form(form_class) if self.place else None

    def get_context_data(self, **kwargs: Any) -> dict:
        """What is carried through the choice of the school."""
        return super().get_context_data(carried=self.request.GET.get("document", ""), **kwargs)

    def perform(self, form: NewForm) -> HttpResponse:
        """Make it."""
        data = form.cleaned_data
        notice = notice_make(
            actor=self.request.user,
            school=self.school,
            once=data["once"],
            topic=data["topic"],
            audience=data["audience"],
            version=in_force(data["document"]) if data["document"] else None,
        )
        messages.success(self.request, "The notice is made. Fill in what stands in square brackets.")
        return redirect(reverse("policies:community-edit", args=[notice.uuid]))


class OneNoticeMixin(ObjectMixin):
    """A page about one notice."""

    rules = notice_rules
    select_related = ("school", "version__document", "made_by", "sent_by")
    object: CommunityNotice


class CommunityDetail(OneNoticeMixin, TemplateView):
    """The words, to be copied or printed, and what became of them."""

    template_name = "policies/documents/community.html"

    def get_context_data(self, **kwargs: Any) -> dict:
        """Words and facts."""
        row = self.object
        is_open = row.sent_on is None and row.dropped_at is None
        return super().get_context_data(
            facts=self._facts(),
            status=status_of(row),
            sends=is_open and self.rules.allows_at(self.request.user, "send", row.school),
            has_gaps=is_open and GAP in f"{row.subject} {row.text}",
            **kwargs,
        )

    def _facts(self) -> list[dict[str, Any]]:
        row = self.object
        rows = [
            {"key": "Who is told", "value": row.get_audience_display()},
            {"key": "About", "value": row.get_topic_display()},
            {"key": "Made", "value": row.made_at},
            {
                "key": "Made by",
                "value": row.made_by.full_name if row.made_by else "The portal, when the document changed",
            },
        ]
        seen = row.version_id and document_rules.visible_to(self.request.user, "view").filter(
            pk=row.version.document_id
        )
        if seen and seen.exists():
            document = row.version.document
            rows.append({"key": "Document", "value": Link(document.title, document.get_absolute_url())})
        if row.sent_on:
            rows += [
                {"key": "Told on", "value": row.sent_on},
                {"key": "How", "value": row.get_channel_display()},
                {"key": "Note", "value": row.note},
                {"key": "Recorded by", "value": row.sent_by.full_name},
                {"key": "Recorded", "value": row.sent_recorded_at},
            ]
        if row.dropped_at:
            rows += [
                {"key": "Put aside", "value": row.dropped_at},
                {"key": "Why", "value": row.dropped_because},
            ]
        return rows


class NoticeStepMixin(OneNoticeMixin, KeptInputMixin):
    """A step on one notice."""

    action = "send"
    template_name = "policies/documents/community_step.html"
    title = button = ""
    points: tuple[str, ...] = ()

    def get_context_data(self, **kwargs: Any) -> dict:
        """What the page says."""
        return super().get_context_data(
            title=self.title, button=self.button, points=self.points, back=notice_url(self.object), **kwargs
        )

    def done(self, said: str) -> HttpResponse:
        """Back to the notice."""
        messages.success(self.request, said)
        return redirect(notice_url(self.object))


class CommunityEdit(NoticeStepMixin, FormView):
    """Change the words."""

    form_class = WordsForm
    title, button = "The words of the notice", "Save"

    def get_initial(self) -> dict[str, Any]:
        """As they are now."""
        row = self.object
        return {"subject": row.subject, "text": row.text, "seen": mark_of(row)}

    def perform(self, form: WordsForm) -> HttpResponse:
        """Save them."""
        data = form.cleaned_data
        words = Words(data["subject"], data["text"])
        notice_edit(actor=self.request.user, notice=self.object, words=words, seen=data["seen"])
        return self.done("Saved. Send it by your own means, then record it here.")


class CommunitySent(NoticeStepMixin, FormView):
    """Record that they were told."""

    form_class = SentForm
    title, button = "Record that they were told", "Record it"
    points = ("The portal sends nothing to pupils and parents: send the words by your own means first.",)

    def get_initial(self) -> dict[str, Any]:
        """Today."""
        return {"sent_on": timezone.localdate(), "seen": mark_of(self.object)}

    def perform(self, form: SentForm) -> HttpResponse:
        """Record it."""
        data = form.cleaned_data
        notice_sent(
            actor=self.request.user,
            notice=self.object,
            sent_on=data["sent_on"],
            channel=data["channel"],
            note=data["note"],
            seen=data["seen"],
        )
        return self.done("It is recorded. The words stay as they were sent.")


class CommunityDrop(NoticeStepMixin, FormView):
    """Put it aside."""

    form_class = DropForm
    title, button = "Put this notice aside", "Put it aside"

    def perform(self, form: DropForm) -> HttpResponse:
        """Put it aside."""
        notice_drop(actor=self.request.user, notice=self.object, reason=form.cleaned_data["reason"])
        return self.done("The notice is put aside.")


def notice_url(notice: CommunityNotice) -> str:
    """The page of a notice."""
    return reverse("policies:community-detail", args=[notice.uuid])
