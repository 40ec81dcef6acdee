"""What every page stands on: declared access, kept input, one way to show a refusal."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views import View
from django.views.generic.edit import FormMixin

from core import kept_posts
from core.access import Rules
from core.errors import Refused


class AccessMixin:
    """A page that asks one rules object for one action before anything else.

    Pages about one row use `ObjectMixin`; lists and empty forms stay with this one.
    """

    rules: Rules
    action: str = "view"
    access_declared = "rules"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Refuse with 403 who could never do this action anywhere."""
        if not self.rules.can_ever(request.user, self.action):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_queryset(self) -> QuerySet:
        """The rows that the person may see: the only road to a row."""
        return self.rules.visible_to(self.request.user, self.action)


class ObjectMixin:
    """A page about one row: invisible is 404, visible but not allowed is 403."""

    rules: Rules
    action: str = "view"
    access_declared = "rules"
    select_related: tuple[str, ...] = ()

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Find the row among the visible ones, then ask whether this action is allowed on it."""
        self.object = self.find(request, kwargs["uuid"])
        return super().dispatch(request, *args, **kwargs)

    def find(self, request: HttpRequest, uuid: Any) -> Any:
        """The visible row with this public id, or 404; PermissionDenied when the action is closed."""
        rows = self.rules.visible_to(request.user, "view")
        if self.select_related:
            rows = rows.select_related(*self.select_related)
        row = rows.filter(uuid=uuid).first()
        if row is None:
            raise Http404("No such page")
        if self.action != "view" and not self.rules.allows(request.user, self.action, row):
            raise PermissionDenied
        return row

    def get_context_data(self, **kwargs: Any) -> dict:
        """Put the row into the page."""
        return super().get_context_data(object=self.object, **kwargs)


class SignedInMixin:
    """A page for any signed-in person, which shows only what is theirs or everybody's."""

    access_declared = "signed in"


class InputMixin(FormMixin):
    """A form whose refusal stands beside its field. What was typed stays on the page and nowhere else."""

    def form_valid(self, form: Any) -> HttpResponse:
        """Do it through a service; a refusal goes beside its field and the form comes back filled in."""
        try:
            return self.perform(form)
        except Refused as refusal:
            field = refusal.field if refusal.field in form.fields else None
            form.add_error(field, refusal.message)
            return self.form_invalid(form)

    def form_invalid(self, form: Any) -> HttpResponse:
        """Show the form again with its errors, as 422."""
        response = super().form_invalid(form)
        response.status_code = 422
        return response

    def perform(self, form: Any) -> HttpResponse:
        """Call the service and answer with a redirect. Raises Refused."""
        raise TypeError(f"{type(self).__name__} does not say what it does")


class KeptInputMixin(InputMixin):
    """A form whose input survives an ended session and a refused step. Not for sensitive pages."""

    def get_form_kwargs(self) -> dict:
        """Fill the form with what was typed before the session ended, if there is such."""
        kwargs = super().get_form_kwargs()
        self.kept = kept_posts.take(self.request) if self.request.method == "GET" else None
        if self.kept is not None:
            kwargs["data"] = self.kept
        return kwargs

    def get_context_data(self, **kwargs: Any) -> dict:
        """Tell the page that its input comes from before the sign-in."""
        context = super().get_context_data(**kwargs)
        context["kept"] = getattr(self, "kept", None) is not None
        return context


def refused(request: HttpRequest, refusal: Refused, back: str) -> HttpResponse:
    """A page that says why a step was refused and leads back, as 409."""
    return render(request, "core/refused.html", {"message": refusal.message, "back": back}, status=409)


def redirect(url: str) -> HttpResponseRedirect:
    """See other."""
    return HttpResponseRedirect(url)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A stale or missing token: what was typed is kept for the signed-in person, nothing is sent."""
    token = kept_posts.keep(request) if kept_posts.same_site(request) else None
    return render(
        request,
        "core/csrf_failure.html",
        {"back": kept_posts.address(request.path, token) if token else request.path},
        status=403,
    )


class PostOnly(View):
    """A button: POST does it, GET is not offered."""

    http_method_names = ("post",)
