"""The pages about the material of an event: added, taken as a file, removed."""

from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.views import View

from core.errors import Refused
from core.views import ObjectMixin, PostOnly, redirect, refused
from policies.downloads import download
from policies.education.access import education_rules
from policies.education.forms import ResourceForm
from policies.education.services import MOST_RESOURCES, resource_add, resource_remove, url_of
from policies.education.views import EventStep
from policies.models import Resource


class ResourceAdd(EventStep):
    """Add material (CIT-11.02, STM-11.05, STM-11.07)."""

    form_class = ResourceForm
    title, button, done_message = "Add material", "Add it", "The material is added."
    points = (f"Up to {MOST_RESOURCES} for each event.",)
    files = True

    def perform(self, form: ResourceForm) -> HttpResponse:
        """Add it."""
        files = form.cleaned_data["files"]
        resource_add(
            actor=self.request.user,
            event=self.object,
            title=form.cleaned_data["title"],
            file=files[0] if files else None,
        )
        return self.done()


class OneResourceMixin(ObjectMixin):
    """Something about one piece of material of an event that the person may see."""

    rules = education_rules

    def find(self, request: HttpRequest, uuid: Any) -> Resource:
        """The material, while it is there; else 404, and 403 for whoever may only read."""
        events = self.rules.visible_to(request.user, "view")
        rows = Resource.objects.filter(event__in=events.values("pk"), removed_at=None)
        found = rows.select_related("event__school").filter(uuid=uuid).first()
        if found is None:
            raise Http404("No such page")
        if self.action != "view":
            self.rules.require(request.user, self.action, found.event)
        return found


class ResourceFile(OneResourceMixin, View):
    """The file of some material, as a download."""

    http_method_names = ("get",)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> FileResponse:
        """The file."""
        row: Resource = self.object
        return download(row.file, row.media_type, f"material-{row.uuid.hex[:8]}")


class ResourceRemove(OneResourceMixin, PostOnly):
    """Take material away."""

    action = "close"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Take it away."""
        try:
            resource_remove(actor=request.user, resource=self.object)
        except Refused as refusal:
            return refused(request, refusal, url_of(self.object.event))
        messages.success(request, "The material is removed.")
        return redirect(url_of(self.object.event))
