"""A person's due dates in their own calendar: the page that makes the private address, and the address."""

from typing import Any

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound
from django.shortcuts import render
from django.urls import reverse
from django.views import View
from django.views.generic import TemplateView

from core.errors import Refused
from core.feeds import calendar_of, feed_by_secret, feed_end, feed_make, feed_of, note_use
from core.throttle import within
from core.views import PostOnly, SignedInMixin, redirect, refused

HOUR = 60 * 60
FOR_ONE_ADDRESS, FROM_ONE_PLACE = 60, 3000
"""How often one calendar address is read in an hour, and all of them from one network: a firm's calendars come
from few places."""


class FeedSettings(SignedInMixin, TemplateView):
    """Make the address, make a new one, or end it."""

    template_name = "core/feed_settings.html"

    def get_context_data(self, **kwargs: Any) -> dict:
        """Whether there is an address, and when it was last read."""
        return super().get_context_data(feed=feed_of(self.request.user), **kwargs)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Make an address and show it, this once: it is stored nowhere."""
        try:
            secret = feed_make(actor=request.user)
        except Refused as refusal:
            return refused(request, refusal, reverse("core:feed-settings"))
        address = settings.SITE_URL + reverse("core:feed", args=[secret])
        return self.render_to_response(self.get_context_data(address=address))


class FeedEnd(SignedInMixin, PostOnly):
    """End the address."""

    def post(self, request: HttpRequest) -> HttpResponse:
        """End it and say so."""
        try:
            feed_end(actor=request.user)
        except Refused as refusal:
            return refused(request, refusal, reverse("core:feed-settings"))
        messages.success(request, "The address has ended. Calendars that use it get nothing more.")
        return redirect(reverse("core:feed-settings"))


class Feed(View):
    """The due dates, for a calendar that knows the address. Public: the secret in it is the proof."""

    http_method_names = ("get", "head")

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        """The calendar; 404 for an address that is not in force, whatever the reason."""
        place = get_adapter(request).get_client_ip(request) or ""
        if not within("feed from", place, FROM_ONE_PLACE, HOUR):
            return _unseen(render(request, "429.html", status=429))
        row = feed_by_secret(token)
        if row is None:
            return _unseen(HttpResponseNotFound("No such calendar", content_type="text/plain; charset=utf-8"))
        if not within("feed", str(row.pk), FOR_ONE_ADDRESS, HOUR):
            return _unseen(render(request, "429.html", status=429))
        note_use(row)
        response = HttpResponse(calendar_of(row.user), content_type="text/calendar; charset=utf-8")
        response["Content-Disposition"] = 'inline; filename="due-dates.ics"'
        return _unseen(response)


def _unseen(response: HttpResponse) -> HttpResponse:
    """Nothing of it stays in a store, a search engine or the page that one goes to next."""
    response["Cache-Control"] = "private, no-store"
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
