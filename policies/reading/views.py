"""The pages about reading: one's own list, reading a version, and who has not read a document."""

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views import View
from django.views.generic import FormView, TemplateView

from core import csvfiles
from core.errors import Refused
from core.paging import rows_in_order
from core.tables import ordering
from core.views import AccessMixin, KeptInputMixin, ObjectMixin, PostOnly, redirect, refused
from people.models import User
from people.selectors import Place, governed_by
from policies.documents.access import ADOPTED, document_rules, notice_rules
from policies.documents.pages import parts_of
from policies.models import Version
from policies.reading import pages
from policies.reading.access import acknowledgement_rules, require_scope, scope_of
from policies.reading.forms import MineFilter, OverviewFilter, PeopleFilter, ReadForm
from policies.reading.readers import at_schools, with_numbers
from policies.reading.selectors import (
    OTHERS,
    by_school,
    last_told,
    my_versions,
    numbers_of,
    people_of,
    readable_versions,
    watched,
)
from policies.reading.services import (
    readers_remind,
    reading_exported,
    statement_of,
    version_acknowledge,
)

PAGE = 25


class ReadingList(AccessMixin, TemplateView):
    """What I am asked to read, what I have read, and the earlier versions of it."""

    rules = document_rules
    template_name = "policies/reading/list.html"

    def get_context_data(self, **kwargs: Any) -> dict:
        """One page of the list; what is still to be read comes first."""
        form = MineFilter(self.request.GET or None)
        rows = self._found(form.chosen)
        sort = ordering(self.request, pages.MINE)
        keys = rows.order_by(*(sort if sort != ["pk"] else ["done", "document__title", "pk"]))
        page = Paginator(keys.values_list("pk", flat=True), PAGE).get_page(self.request.GET.get("page"))
        details = my_versions(self.request.user).select_related("document__school")
        return super().get_context_data(
            form=form,
            page_obj=page,
            table=pages.mine_table(self.request, rows_in_order(details, page.object_list)),
            **kwargs,
        )

    def _found(self, chosen: dict[str, Any]) -> QuerySet[Version]:
        rows, state = my_versions(self.request.user), chosen.get("state")
        for word in chosen.get("q", "").split():
            rows = rows.filter(document__title__icontains=word)
        if state == "earlier":
            return rows.exclude(state=Version.State.IN_FORCE)
        rows = rows.filter(state=Version.State.IN_FORCE, document__retired_at=None)
        return rows.filter(done=int(state == "read")) if state else rows


class OneVersion(ObjectMixin):
    """A page about one version that is or was in force."""

    rules = document_rules
    object: Version

    def find(self, request: HttpRequest, uuid: Any) -> Version:
        """The version, of a document that the person may see, or 404."""
        rows = readable_versions(request.user).select_related("document__school")
        return get_object_or_404(rows, uuid=uuid)


class ReadingRead(KeptInputMixin, OneVersion, FormView):
    """The words or the file of a version, and the tick under it."""

    template_name = "policies/reading/read.html"
    form_class = ReadForm

    def get_initial(self) -> dict[str, Any]:
        """What the page shows."""
        return {"seen": self.object.sha256}

    def get_form_kwargs(self) -> dict:
        """The words of the tick."""
        return {**super().get_form_kwargs(), "statement": statement_of(self.object)}

    def get_context_data(self, **kwargs: Any) -> dict:
        """The version, what I said of it and of the one before, and the one that is in force now."""
        version, user = self.object, self.request.user
        rows = version.document.versions
        mine = rows.filter(acknowledgements__user=user).exclude(pk=version.pk).order_by("-number")
        current = version.state == Version.State.IN_FORCE and version.document.retired_at is None
        return super().get_context_data(
            document=version.document,
            place=pages.place_of(version),
            words=pages.version_words(version),
            parts=parts_of(version.text),
            said=version.acknowledgements.filter(user=user).first(),
            before=mine.filter(number__lt=version.number).first(),
            newer=None
            if current
            else rows.filter(state=Version.State.IN_FORCE, document__retired_at=None).first(),
            is_current=current,
            may_watch=bool(scope_of(user, "watch", version.document)),
            **kwargs,
        )

    def perform(self, form: ReadForm) -> HttpResponse:
        """Say it."""
        version_acknowledge(actor=self.request.user, version=self.object, seen=form.cleaned_data["seen"])
        messages.success(self.request, f"You have read and understood “{self.object.document.title}”.")
        return redirect(reverse("policies:reading-list"))


class ReadingOverview(AccessMixin, TemplateView):
    """Every document with how many have read it; and when the codes of parents and pupils were told."""

    rules = acknowledgement_rules
    action = "figures"
    template_name = "policies/reading/overview.html"

    def get_context_data(self, **kwargs: Any) -> dict:
        """One page of it: numbers are counted for its rows only."""
        user = self.request.user
        schools = self.rules.schools(user, "figures")
        places = [place for place in governed_by(user) if place.pk in schools]
        form = OverviewFilter(self.request.GET or None, places=places)
        rows = self._found(schools, places, form.chosen)
        keys = rows.order_by(*ordering(self.request, pages.OVERVIEW, "title")).values_list("pk", flat=True)
        page = Paginator(keys, PAGE).get_page(self.request.GET.get("page"))
        counted = with_numbers(Version.objects.select_related("document__school"), schools)
        shown = rows_in_order(counted, page.object_list)
        told = last_told(user, [row.document_id for row in shown])
        sees = notice_rules.can_ever(user, "view")
        named = {row.pk for row in shown if scope_of(user, "watch", row.document)}
        return super().get_context_data(
            form=form,
            page_obj=page,
            table=pages.overview_table(self.request, shown, told, sees, named),
            **kwargs,
        )

    def _found(self, schools: set[int], places: list[Place], chosen: dict[str, Any]) -> QuerySet[Version]:
        rows = watched(schools)
        for word in chosen.get("q", "").split():
            rows = rows.filter(document__title__icontains=word)
        if chosen.get("kind"):
            rows = rows.filter(document__kind=chosen["kind"])
        if chosen.get("school"):
            rows = rows.filter(at_schools({one.pk for one in places if str(one.uuid) == chosen["school"]}))
        return rows


class StatusMixin(ObjectMixin):
    """Who has read one document, as far as the person answers for its readers; narrowed by the filters."""

    rules = document_rules
    select_related = ("school",)
    scope_action = "watch"

    def find(self, request: HttpRequest, uuid: Any) -> Any:
        """The visible document, or 404; PermissionDenied for who answers for none of its readers."""
        document = super().find(request, uuid)
        self.within = require_scope(request.user, self.scope_action, document)
        return document

    @cached_property
    def places(self) -> list[Place]:
        """The schools of a trust's document that the person sees."""
        mine = governed_by(self.request.user)
        return [place for place in mine if place.pk in self.within] if self.object.for_trust else []

    @cached_property
    def versions(self) -> list[Version]:
        """The versions that were ever in force, the newest first."""
        rows = list(self.object.versions.filter(state__in=ADOPTED).order_by("-number"))
        for row in rows:
            row.document = self.object
        return rows

    @cached_property
    def form(self) -> PeopleFilter:
        """The filters in force."""
        return PeopleFilter(self.request.GET or None, places=self.places, versions=self.versions)

    @property
    def version(self) -> Version | None:
        """The version that the filter names, else the newest that is or was in force."""
        wanted = self.form.chosen.get("version")
        found = (one for one in self.versions if not wanted or str(one.number) == wanted)
        return next(found, None)

    @property
    def others(self) -> bool:
        """Whether the list shows those who are not among the readers, or of whom nothing but the reading is known."""
        past = self.version is not None and self.version.state != Version.State.IN_FORCE
        return past or self.form.chosen.get("state") == OTHERS

    def people(self) -> QuerySet[User]:
        """The people whom the filters leave, by the sort of the address."""
        if self.version is None:
            return User.objects.none()
        columns = pages.people_columns(self.object.for_trust)
        rows = people_of(self.version, self.within, self.form.chosen)
        return rows.order_by(*ordering(self.request, columns, "name"))


class ReadingStatus(StatusMixin, TemplateView):
    """Who has read a document and who has not, with names, and by school for a trust's."""

    template_name = "policies/reading/status.html"

    def get_context_data(self, **kwargs: Any) -> dict:
        """Numbers, and one page of the people or of the schools."""
        user, document, version = self.request.user, self.object, self.version
        schools = self.request.GET.get("show") == "schools" and version is not None and document.for_trust
        url = reverse("policies:reading-status", args=[document.uuid])
        rows = by_school(version, self.within) if schools else self.people()
        page = Paginator(rows, PAGE).get_page(self.request.GET.get("page"))
        columns = pages.people_columns(document.for_trust)
        asked, have, others = numbers_of(version, self.within) if version else (0, 0, 0)
        current = version is not None and version.state == Version.State.IN_FORCE and not document.retired_at
        query = self.request.GET.copy()
        query.pop("page", None)
        told = last_told(user, [document.pk]).get(document.pk) if document.kind in pages.CODES else None
        return super().get_context_data(
            form=self.form,
            page_obj=page,
            table=pages.school_table(self.request, page, url)
            if schools
            else pages.people_table(self.request, columns, page, self.others),
            by_school=schools,
            version=version,
            words=pages.version_words(version) if version else "",
            is_current=current,
            asked=asked,
            have=have,
            left_to_read=asked - have,
            other_readers=others,
            is_code=document.kind in pages.CODES and notice_rules.can_ever(user, "view"),
            told=pages.told_words(told) if told else "",
            told_now=bool(told and version and told.version_id == version.pk),
            may_export=bool(acknowledgement_rules.schools(user, "export") & self.within),
            may_remind=current and asked > have,
            export_query=query.urlencode(),
            **kwargs,
        )


class ReadingExport(StatusMixin, View):
    """The people whom the filters leave, as a file. Recorded."""

    scope_action = "export"
    http_method_names = ("get",)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The file."""
        version, others = self.version, self.others
        lines = [pages.exported(user, version, others) for user in self.people()] if version else []
        reading_exported(actor=request.user, document=self.object, count=len(lines))
        name = f"read-and-understood-{timezone.localdate():%Y-%m-%d}.csv"
        return csvfiles.response(name, pages.EXPORTED, lines)


class ReadingRemind(StatusMixin, PostOnly):
    """Remind those who have not read it, now."""

    scope_action = "remind"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Remind them."""
        back = reverse("policies:reading-status", args=[self.object.uuid])
        try:
            count = readers_remind(actor=request.user, document=self.object)
        except Refused as refusal:
            return refused(request, refusal, back)
        messages.success(request, f"{count} {'person was' if count == 1 else 'people were'} reminded.")
        return redirect(back)
