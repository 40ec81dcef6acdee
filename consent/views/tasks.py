"""What waits for somebody: answers to check, and earlier posts to look for."""

from typing import Any

from django.contrib import messages
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views import View
from django.views.generic import FormView

from consent.access import flag_rules, pupil_rules, reply_rules, search_rules
from consent.forms.keeping import ReplyFilter, SearchFilter
from consent.forms.tasks import SearchForm, SettleForm
from consent.models import PostSearch, Reply, Tie
from consent.replies import NOTED_FOR, noted_replies, unchecked_replies
from consent.services.searches import search_done, searches_export
from consent.services.settling import reply_settle, waiting_replies
from consent.views.lists import PupilRowsList
from core import csvfiles
from core.tables import Column, Link, Status, date_text
from core.views import AccessMixin, InputMixin, ObjectMixin, redirect

WHY = "This pupil may no longer be shown everywhere"
"""What whoever looks for earlier posts is told. It is the same for every reason, so that none is given away."""


class ReplyList(PupilRowsList):
    """Answers that wait to be checked; calls that wait for writing, so that the office can ask for it."""

    rules = reply_rules
    action = "settle"
    template_name = "consent/reply_list.html"
    filter_class = ReplyFilter
    caption = "Answers that wait"
    order = ("received_at", "pk")
    columns = (
        Column("pupil", "Pupil"),
        Column("class_name", "Class"),
        Column("school", "School"),
        Column("giver", "Who answered"),
        Column("received_at", "Received"),
        Column("route", "How"),
        Column("waits", "Waits", numeric=True),
    )

    def found(self, chosen: dict[str, Any], places: Any) -> QuerySet:
        """One of the two lists."""
        self.noted = chosen.get("show") == "noted"
        rows = super().found(chosen, places)
        return noted_replies(rows) if self.noted else unchecked_replies(rows)

    def with_details(self, rows: QuerySet) -> QuerySet:
        """With the pupil and who answered."""
        return rows.select_related("pupil", "school", "contact")

    def get_context_data(self, **kwargs: Any) -> dict:
        """Which of the two lists it is."""
        context = super().get_context_data(**kwargs)
        return {**context, "noted": self.noted, "days": NOTED_FOR.days}

    def cells(self, row: Reply) -> dict[str, Any]:
        """An answer: what is checked leads to the check, what is noted to the pupil."""
        name = "consent:pupil-detail" if self.noted else "consent:reply-settle"
        uuid = row.pupil.uuid if self.noted else row.uuid
        return {
            "pupil": Link(row.pupil.name, reverse(name, args=[uuid])),
            "class_name": row.pupil.class_name,
            "school": row.school.name,
            "giver": str(row.contact) if row.contact else "The pupil",
            "received_at": timezone.localdate(row.received_at),
            "route": row.get_route_display(),
            "waits": age_of(row.received_at),
        }


def age_of(moment: Any) -> str:
    """How long ago a day was, in words."""
    days = (timezone.localdate() - timezone.localdate(moment)).days
    return "Since today" if days < 1 else f"{days} day{'s' if days > 1 else ''}"


class ReplySettle(ObjectMixin, InputMixin, FormView):
    """Check whether whoever answered holds parental responsibility (STM-7.06, CIT-7.07)."""

    rules = reply_rules
    action = "settle"
    select_related = ("pupil", "contact", "school")
    form_class = SettleForm
    template_name = "consent/reply_settle.html"

    def get_context_data(self, **kwargs: Any) -> dict:
        """What they answered, what else is known of them, and whether it was checked meanwhile."""
        reply: Reply = self.object
        tie = reply.pupil.ties.filter(contact=reply.contact).first()
        words = getattr(reply, "words", None)
        return super().get_context_data(
            answers=reply.answers.select_related("purpose__platform"),
            tie=tie,
            words=words.text if words else "",
            known=self._known(reply, tie),
            others=self._others(reply),
            waiting=Reply.objects.filter(waiting_replies(), pk=reply.pk, weight="to_check").exists(),
            pupil=reply.pupil,
            **kwargs,
        )

    @staticmethod
    def _known(reply: Reply, tie: Tie | None) -> list[dict[str, Any]]:
        """The contact in the register."""
        if reply.contact is None:
            return []
        return [
            {"key": "Name", "value": str(reply.contact)},
            {"key": "E-mail address", "value": reply.contact.email},
            {"key": "Relationship", "value": tie.relationship if tie else ""},
            {"key": "Parental responsibility", "value": tie.get_responsibility_display() if tie else ""},
            {"key": "In the register since", "value": timezone.localdate(reply.contact.created_at)},
        ]

    def _others(self, reply: Reply) -> list[dict[str, Any]]:
        """For whom else they are a contact, among the pupils whose contacts this person may see."""
        if reply.contact is None:
            return []
        seen = pupil_rules.visible_to(self.request.user, "details").values("pk")
        ties = Tie.objects.filter(contact=reply.contact, active=True, pupil__in=seen)
        ties = ties.exclude(pupil=reply.pupil).select_related("pupil").order_by("pupil__last_name", "pk")
        return [
            {
                "name": one.pupil.name,
                "class_name": one.pupil.class_name,
                "relationship": one.relationship,
                "responsibility": one.get_responsibility_display(),
            }
            for one in ties
        ]

    def perform(self, form: SettleForm) -> HttpResponse:
        """Settle it."""
        holds = form.cleaned_data["holds"] == "yes"
        reply_settle(
            actor=self.request.user, reply=self.object, holds=holds, words=form.cleaned_data["words"]
        )
        messages.success(
            self.request,
            "The answer counts now." if holds else "The answer was set aside and does not count.",
        )
        return redirect(reverse("consent:pupil-detail", args=[self.object.pupil.uuid]))


class SearchList(PupilRowsList):
    """Earlier posts to look for: what is open first, the oldest at the top (CIT-7.13, STM-7.13)."""

    rules = search_rules
    template_name = "consent/search_list.html"
    filter_class = SearchFilter
    caption = "Earlier posts to look for"
    order = (F("done_at").desc(nulls_first=True), "raised_at", "pk")
    columns = (
        Column("pupil", "Pupil"),
        Column("class_name", "Class"),
        Column("school", "School"),
        Column("raised_at", "Asked for"),
        Column("status", "Status"),
        Column("outcome", "How it stands"),
    )

    def found(self, chosen: dict[str, Any], places: Any) -> QuerySet:
        """Open, done or all."""
        rows = super().found(chosen, places)
        show = chosen.get("show")
        return rows.filter(done_at__isnull=show == "open") if show else rows

    def with_details(self, rows: QuerySet) -> QuerySet:
        """With the pupil."""
        return rows.select_related("pupil", "school", "done_by")

    def get_context_data(self, **kwargs: Any) -> dict:
        """Where the person may record what they found."""
        self.does = search_rules.schools(self.request.user, "do")
        return super().get_context_data(**kwargs)

    def cells(self, row: PostSearch) -> dict[str, Any]:
        """A search; whoever may do it goes to it."""
        name = row.pupil.name
        return {
            "pupil": Link(name, reverse("consent:search-do", args=[row.uuid]))
            if row.school_id in self.does
            else name,
            "class_name": row.pupil.class_name,
            "school": row.school.name,
            "raised_at": timezone.localdate(row.raised_at),
            "status": Status("done") if row.done_at else Status(how_late(row)),
            "outcome": found_words(row) if row.done_at else f"Open: {age_of(row.raised_at).lower()}",
        }


def how_late(search: PostSearch) -> str:
    """An open search is late after a week."""
    return "overdue" if (timezone.now() - search.raised_at).days > 7 else "open"


def found_words(search: PostSearch) -> str:
    """What came of it, and when."""
    return f"{search.get_outcome_display()}, {date_text(timezone.localdate(search.done_at))}"


class SearchExport(AccessMixin, View):
    """The list as a CSV file."""

    rules = search_rules
    http_method_names = ("get",)
    HEADINGS = ("School", "Pupil", "Class", "Asked for", "Done", "By", "What was found", "Words")

    def get(self, request: HttpRequest) -> HttpResponse:
        """Everything that the person may see."""
        rows = [
            (
                row.school.name,
                row.pupil.name,
                row.pupil.class_name,
                timezone.localdate(row.raised_at).isoformat(),
                timezone.localdate(row.done_at).isoformat() if row.done_at else "",
                row.done_by.full_name if row.done_by else "",
                row.get_outcome_display(),
                row.words,
            )
            for row in searches_export(actor=request.user)
        ]
        return csvfiles.response(
            f"earlier-posts-{timezone.localdate():%Y-%m-%d}.csv", list(self.HEADINGS), rows
        )


class SearchDo(ObjectMixin, InputMixin, FormView):
    """Look for earlier posts that show a pupil, and say what came of it (CIT-7.13, STM-7.13)."""

    rules = search_rules
    action = "do"
    select_related = ("pupil", "school", "done_by")
    form_class = SearchForm
    template_name = "consent/search_do.html"

    def get_context_data(self, **kwargs: Any) -> dict:
        """Why, in words that give nothing away; whether a link to the pupil is of use to this person."""
        search: PostSearch = self.object
        user = self.request.user
        sees = pupil_rules.visible_to(user).filter(pk=search.pupil_id).exists()
        reads = search.school_id in flag_rules.schools(user, "view")
        return super().get_context_data(
            pupil=search.pupil,
            sees_pupil=sees,
            why=search.get_why_display() if reads else WHY,
            age=age_of(search.raised_at),
            late=not search.done_at and how_late(search) == "overdue",
            found=found_words(search) if search.done_at else "",
            **kwargs,
        )

    def perform(self, form: SearchForm) -> HttpResponse:
        """Record it."""
        search_done(actor=self.request.user, search=self.object, **form.cleaned_data)
        messages.success(self.request, "It is recorded what you found.")
        return redirect(reverse("consent:search-list"))
