"""A person's own notices. Each is shown only while its row may be seen."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.generic import TemplateView

from core.audit import audited, record
from core.models import Notice
from core.notices import KINDS, shown_to
from core.views import PostOnly, SignedInMixin, redirect

PAGE = 25


class NoticeList(SignedInMixin, TemplateView):
    """The newest first."""

    template_name = "core/notice_list.html"

    def get_context_data(self, **kwargs: Any) -> dict:
        """One page of notices with their words."""
        mine = Notice.objects.filter(recipient=self.request.user).order_by("-created_at", "-pk")
        page = Paginator(mine, PAGE).get_page(self.request.GET.get("page"))
        rows = [
            {
                "title": KINDS[notice.kind].title,
                "text": KINDS[notice.kind].text,
                "about": notice.about,
                "url": notice.link,
                "when": notice.created_at,
                "new": notice.seen_at is None,
            }
            for notice in shown_to(self.request.user, page.object_list)
        ]
        return super().get_context_data(
            rows=rows, page_obj=page, any_new=any(row["new"] for row in rows), **kwargs
        )


class NoticesSeen(SignedInMixin, PostOnly):
    """Mark all of one's notices as seen."""

    def post(self, request: HttpRequest) -> HttpResponse:
        """Mark and go back to the list."""
        with audited():
            count = Notice.objects.filter(recipient=request.user, seen_at=None).update(seen_at=timezone.now())
            record("core.notices_seen", actor=request.user, data={"count": count})
        return redirect(reverse("core:notice-list"))
