"""The pages of the consent check and of the class photo list."""

import uuid
from collections.abc import Iterable
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.generic import FormView, TemplateView

from consent.access import check_rules, pupil_rules
from consent.checking import Roster, name_key, readings_of
from consent.forms.checks import (
    AskedUse,
    CheckForm,
    KeepForm,
    KeptFilter,
    PhotoListForm,
    in_words,
    typed,
    uses_of,
    where_words,
)
from consent.models import Channel, CheckedPupil, ConsentCheck, OtherPerson, Purpose
from consent.services.checks import (
    Answered,
    check_again,
    check_keep,
    check_make,
    check_shown,
    roster_of,
)
from consent.services.others import others_at
from consent.views.base import ConsentSchoolMixin, several_schools
from core.access import Rules
from core.paging import rows_in_order
from core.tables import Column, Link, Table, ordering
from core.views import AccessMixin, KeptInputMixin, ObjectMixin, redirect
from people.selectors import profile_of

PAGE = 25
OTHERS_SHOWN = 40


class AskPage(ConsentSchoolMixin, KeptInputMixin, AccessMixin, FormView):
    """Ask about pupils and a use. The answer comes with the same page, so that no name is in an address."""

    template_name = "consent/check_ask.html"
    answer_template: str
    title: str
    button: str
    rules: Rules

    def get_form(self, form_class: Any = None) -> Any:
        """No form while no school is chosen."""
        return None if self.place is None else super().get_form(form_class)

    def get_form_kwargs(self) -> dict[str, Any]:
        """What the form offers at this school."""
        return {**super().get_form_kwargs(), **self.offers}

    @cached_property
    def offers(self) -> dict[str, Any]:
        """The pupils and the uses of the school."""
        return {
            "roster": self.roster,
            "uses": self.uses,
            "profile": self.profile,
            "terms": self.terms,
            "in_trust": self.school.trust_id is not None,
        }

    @cached_property
    def uses(self) -> list[AskedUse]:
        """What the school asks about."""
        return uses_of(self.school)

    @cached_property
    def roster(self) -> Roster:
        """The pupils of the school as far as the person may see them."""
        action = "classes" if self.rules is pupil_rules else "view"
        return roster_of(self.request.user, self.school, timezone.localdate(), action)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Look for a pupil by part of the name, or answer."""
        searched = request.POST.get("part", "").strip()[:100]
        if request.POST.get("do") != "find" or not name_key(searched) or self.place is None:
            return super().post(request, *args, **kwargs)
        found = self.roster.search(searched)
        form = self.form_class(
            initial=typed(request.POST, self.form_class.base_fields),
            found=found,
            searched=searched,
            **self.offers,
        )
        context = self.get_context_data(form=form, part=searched, looked=True, found=found)
        return self.render_to_response(context)

    def get_context_data(self, **kwargs: Any) -> dict:
        """What the page is called and where it is sent."""
        return super().get_context_data(
            title=self.title, button=self.button, several=several_schools(self.request.user), **kwargs
        )

    def answer(self, form: CheckForm) -> Answered:
        """Ask the ledger."""
        return check_make(
            actor=self.request.user,
            school=self.school,
            question=form.question(),
            roster=self.roster,
            profile=self.profile,
            rules=self.rules,
            action=self.action,
            purposes=[one.facts for one in self.uses],
        )

    def perform(self, form: CheckForm) -> HttpResponse:
        """Answer on the page itself."""
        answered = self.answer(form)
        others = list(others_at(self.request.user, self.school)[: OTHERS_SHOWN + 1])
        context = self.get_context_data(
            form=form,
            answered=answered,
            use=form.use_in_words(),
            sent=list(_sent(self.request, form)),
            others=others[:OTHERS_SHOWN],
            more_others=len(others) > OTHERS_SHOWN,
            on_others=_named_among(answered, others, self.roster),
            no_count=len(answered.may_not) + answered.whom.leftovers,
            now=timezone.now(),
            what=form.cleaned_data.get("what", ""),
            once=uuid.uuid4(),
        )
        return render(self.request, self.answer_template, context)


def _sent(request: HttpRequest, form: CheckForm) -> Iterable[tuple[str, str]]:
    """Names and values of what was asked, to send it again with one thing more."""
    yield "school", request.POST.get("school", "")
    for name in form.fields:
        for value in request.POST.getlist(name):
            if name not in ("what", "once"):
                yield name, value


def _named_among(answered: Answered, others: list[OtherPerson], roster: Roster) -> list[str]:
    """The pasted names that stand on the list of others, too."""
    names = {_words(one.search_name) for one in others if one.search_name}
    return [
        line
        for line in answered.whom.lines
        if names & {_words(reading.key) for reading in readings_of(line, roster.class_keys)}
    ]


def _words(key: str) -> tuple[str, ...]:
    """The words of a name in whatever order they were typed."""
    return tuple(sorted(key.split()))


class Check(AskPage):
    """Check before posting or taking pictures (CIT-7.18, STM-7.24)."""

    rules = check_rules
    action = "check"
    form_class = CheckForm
    answer_template = "consent/check_answer.html"
    title = "Check before you post or take pictures"
    button = "Check"


class CheckKeep(Check):
    """Keep a check as evidence; it is worked out again at that moment."""

    form_class = KeepForm
    title = "Keep a check as evidence"
    button = "Check and keep"

    def get_initial(self) -> dict[str, Any]:
        """One page keeps one check."""
        return {"once": uuid.uuid4()}

    def perform(self, form: KeepForm) -> HttpResponse:
        """Keep it."""
        check = check_keep(
            actor=self.request.user,
            school=self.school,
            question=form.question(),
            what=form.cleaned_data["what"],
            once=form.cleaned_data["once"],
        )
        messages.success(self.request, "The check is kept.")
        return redirect(reverse("consent:check-detail", args=[check.uuid]))


class PhotoList(AskPage):
    """The class photo list for a trip: names, and yes or no, on one sheet."""

    rules = pupil_rules
    action = "classes"
    form_class = PhotoListForm
    answer_template = "consent/photo_list.html"
    title = "Class photo list"
    button = "Make the list"


class CheckDetail(ObjectMixin, TemplateView):
    """One kept check: what held at that moment, and on request what has changed since."""

    rules = check_rules
    select_related = ("school", "by", "platform", "words")
    template_name = "consent/check_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict:
        """The whole page."""
        check: ConsentCheck = self.object
        user = self.request.user
        profile = profile_of(check.school)
        may_again = check_rules.allows_at(user, "check", check.school)
        again = may_again and "again" in self.request.GET
        where = f"The school’s account on {check.platform}" if check.platform else self._where(check)
        return super().get_context_data(
            evidence=check_shown(user, check, profile),
            use=in_words(check.get_medium_display(), where, check.in_group, check.first_name),
            may_again=may_again,
            again=again,
            changes=check_again(user, check, profile) if again else (),
            now=timezone.now(),
            **kwargs,
        )

    @staticmethod
    def _where(check: ConsentCheck) -> str:
        """The channel in words; of the school's accounts without those that had a question of their own then."""
        rows = Purpose.objects.filter(school=check.school, channel=Channel.PLATFORM, created_at__lte=check.at)
        rows = rows.filter(Q(retired_at=None) | Q(retired_at__gt=check.at))
        return where_words(check.channel, rows.values_list("platform__name", flat=True).distinct())


class CheckList(AccessMixin, TemplateView):
    """The kept checks: one's own, and the school's for whoever may read them; newest first."""

    rules = check_rules
    template_name = "consent/check_list.html"

    def get_context_data(self, **kwargs: Any) -> dict:
        """One page of the list."""
        form = KeptFilter(self.request.GET or None)
        several = several_schools(self.request.user)
        columns = [
            Column("what", "For what"),
            Column("at", "Checked", sortable=True),
            Column("by", "By", sortable=True, order_by="by__full_name"),
            *([Column("school", "School", sortable=True, order_by="school__name")] if several else []),
            Column("may", "Could be shown"),
        ]
        rows = self.get_queryset()
        for word in form.chosen.get("q", "").split():
            rows = rows.filter(Q(words__what__icontains=word) | Q(by__full_name__icontains=word))
        keys = rows.order_by(*ordering(self.request, columns, "-at")).values_list("pk", flat=True)
        page = Paginator(keys, PAGE).get_page(self.request.GET.get("page"))
        shown = rows_in_order(self.get_queryset().select_related("school", "by", "words"), page.object_list)
        counts = _counts(shown)
        cells = [
            {
                "what": Link(row.what, reverse("consent:check-detail", args=[row.uuid])),
                "at": row.at,
                "by": row.by.full_name,
                "school": row.school.name,
                "may": counts.get(row.pk, ""),
            }
            for row in shown
        ]
        table = Table(columns, cells, "Kept checks", self.request, "-at", caption_hidden=True)
        return super().get_context_data(
            form=form,
            page_obj=page,
            table=table,
            may_check=check_rules.can_ever(self.request.user, "check"),
            **kwargs,
        )


def _counts(checks: list[ConsentCheck]) -> dict[int, str]:
    """ "27 of 30" for each check, in one query."""
    rows = CheckedPupil.objects.filter(check_row__in=checks).order_by().values("check_row")
    rows = rows.annotate(total=Count("pk"), may=Count("pk", filter=Q(may=True)))
    return {row["check_row"]: f"{row['may']} of {row['total']}" for row in rows}
