"""The pages of IT: how the work behind the pages runs, and which mails could not be delivered."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.generic import TemplateView

from core.background import (
    BROKEN,
    FAILING,
    GIVEN_UP,
    IN_TIME,
    LATE,
    UNTRIED,
    Sweep,
    mail_rules,
    mail_state,
    sweep_rules,
    sweeps,
    undelivered,
)
from core.errors import Refused
from core.forms import FilterForm
from core.mails import mail_again, mails_again
from core.models import Notice
from core.notices import KINDS, MAX_ATTEMPTS, open_kinds
from core.tables import Column, Status, Table, ordering, value_html
from core.views import AccessMixin, ObjectMixin, PostOnly, redirect, refused

PAGE = 25
NOT_TOLD = "Not shown"
SWEEPS = [
    Column("title", "What it does"),
    Column("state", "State"),
    Column("last", "Last run"),
    Column("backlog", "Waiting now", numeric=True),
    Column("failed", "Failed last time", numeric=True),
    Column("broke", "Last stopped by an error"),
]
MAILS = [
    Column("who", "To", sortable=True, order_by="recipient__full_name"),
    Column("title", "Mail"),
    Column("since", "Since", sortable=True, order_by="created_at"),
    Column("state", "State"),
    Column("error", "Kind of error"),
    Column("again", "Try again"),
]
STATES = {
    GIVEN_UP: Q(attempts__gte=MAX_ATTEMPTS),
    FAILING: Q(attempts__lt=MAX_ATTEMPTS) & ~Q(last_error=""),
    UNTRIED: Q(attempts__lt=MAX_ATTEMPTS, last_error=""),
}


def _cells(one: Sweep) -> dict[str, Any]:
    return {
        "title": one.title,
        "state": Status(one.state),
        "last": one.last,
        "backlog": NOT_TOLD if one.quiet else one.backlog,
        "failed": NOT_TOLD if one.quiet else one.failed,
        "broke": format_html("{}<br>{}", value_html(one.broke_at), one.error) if one.broke_at else "",
    }


class Background(AccessMixin, TemplateView):
    """Every sweep: when it last ran, whether it is in time, what waits for it, what failed."""

    template_name = "core/background.html"
    rules = sweep_rules

    def get_context_data(self, **kwargs: Any) -> dict:
        """The sweeps, those in trouble first, and how many mails are stuck."""
        found = sweeps()
        bad = sum(one.state in (BROKEN, LATE) for one in found)
        return super().get_context_data(
            table=Table(SWEEPS, [_cells(one) for one in found], "Background work", caption_hidden=True),
            bad=bad,
            well=sum(one.state == IN_TIME for one in found),
            now=timezone.now(),
            mails=undelivered(self.request.user).count(),
            **kwargs,
        )


class MailFilter(FilterForm):
    """Filters above the list of mails."""

    q = forms.CharField(label="Name", required=False, max_length=80)
    state = forms.ChoiceField(
        label="State",
        required=False,
        choices=[
            ("", "Any"),
            (GIVEN_UP, "Given up"),
            (FAILING, "Tried, without success so far"),
            (UNTRIED, "Not tried yet"),
        ],
    )


class MailList(AccessMixin, TemplateView):
    """Mails to people of one's own schools that could not be delivered."""

    template_name = "core/mail_list.html"
    rules = mail_rules

    def get_context_data(self, **kwargs: Any) -> dict:
        """One page of them, with a button for each."""
        form = MailFilter(self.request.GET or None)
        chosen, rows = form.chosen, undelivered(self.request.user).select_related("recipient")
        if chosen.get("state") in STATES:
            rows = rows.filter(STATES[chosen["state"]])
        for word in chosen.get("q", "").split():
            rows = rows.filter(recipient__full_name__icontains=word)
        page = Paginator(rows.order_by(*ordering(self.request, MAILS, "since")), PAGE).get_page(
            self.request.GET.get("page")
        )
        found = [self.cells(row) for row in page.object_list]
        table = Table(
            MAILS, found, "Mails that could not be delivered", self.request, "since", caption_hidden=True
        )
        return super().get_context_data(form=form, page_obj=page, table=table, **kwargs)

    def cells(self, row: Notice) -> dict[str, Any]:
        """One mail: to whom, what it is called, and nothing of what it is about."""
        return {
            "who": row.recipient.full_name if row.recipient else "Somebody without an account",
            "title": KINDS[row.kind].title,
            "since": row.created_at,
            "state": Status(mail_state(row)),
            "error": row.last_error,
            "again": self.button(row),
        }

    def button(self, row: Notice) -> SafeString:
        """A form of one button."""
        return format_html(
            '<form method="post" action="{}"><input type="hidden" name="csrfmiddlewaretoken" value="{}">'
            '<button type="submit" class="govuk-button govuk-button--secondary app-button-small">Try again'
            '<span class="govuk-visually-hidden"> to write to {}</span></button></form>',
            reverse("core:mail-again", args=[public_id(row)]),
            get_token(self.request),
            row.recipient.full_name if row.recipient else "somebody without an account",
        )


def public_id(row: Notice) -> str:
    """The UUID of a notice: it stands in its Message-ID."""
    return row.message_id.strip("<>").partition("@")[0]


class MailAgain(ObjectMixin, PostOnly):
    """Try one mail again."""

    rules = mail_rules
    action = "retry"

    def find(self, request: HttpRequest, uuid: Any) -> Notice:
        """The mail with this id, or 404 where the person may not know of it."""
        rows = mail_rules.visible_to(request.user, "retry").filter(kind__in=open_kinds())
        row = rows.filter(message_id__startswith=f"<{uuid}@").first()
        if row is None:
            raise Http404("No such page")
        return row

    def post(self, request: HttpRequest, uuid: Any) -> HttpResponse:
        """Let the next sweep send it."""
        try:
            mail_again(actor=request.user, notice=self.object)
        except Refused as refusal:
            return refused(request, refusal, reverse("core:mail-list"))
        messages.success(request, "The mail will be sent again within a minute.")
        return redirect(reverse("core:mail-list"))


class MailsAgain(AccessMixin, PostOnly):
    """Try all of them again, after a mail server has come back."""

    rules = mail_rules
    action = "retry"

    def post(self, request: HttpRequest) -> HttpResponse:
        """Let the next sweeps send them."""
        count = mails_again(actor=request.user)
        messages.success(request, f"{count} mail{'' if count == 1 else 's'} will be sent again.")
        return redirect(reverse("core:mail-list"))
