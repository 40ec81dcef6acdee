"""Pages on which any signed-in person reads what the policies ask. Nothing is written here."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.generic import DetailView, ListView, RedirectView

from core.tables import Column, Link, Table
from core.views import SignedInMixin
from policies.forms import ClauseSearchForm
from policies.models import Clause, Policy
from policies.selectors import by_section, clauses_found, policies_with_counts

NOT_STATED = "Not stated"
COLUMNS = [
    Column("policy", "Policy"),
    Column("covers", "What it covers"),
    Column("review", "Next review, as stated"),
    Column("clauses", "Clauses", numeric=True),
]


class PolicyList(SignedInMixin, ListView):
    """The policies behind the presets, with what each covers."""

    template_name = "policies/policy_list.html"
    context_object_name = "policies"

    def get_queryset(self) -> QuerySet[Policy]:
        """Every policy: they are reference data, the same for all schools."""
        return policies_with_counts()

    def get_context_data(self, **kwargs: Any) -> dict:
        """Put the policies into a table."""
        context = super().get_context_data(**kwargs)
        rows = [
            {
                "policy": Link(policy.organisation, policy.get_absolute_url()),
                "covers": policy.covers,
                "review": policy.next_review_text or NOT_STATED,
                "clauses": policy.clause_count,
            }
            for policy in context["policies"]
        ]
        context["table"] = Table(
            COLUMNS, rows, "Policies and their clauses", self.request, caption_hidden=True
        )
        return context


class PolicyDetail(SignedInMixin, DetailView):
    """One policy: its facts and its clauses by section, narrowed by `?q=`."""

    model = Policy
    template_name = "policies/policy_detail.html"
    context_object_name = "policy"
    slug_field = "code"
    slug_url_kwarg = "code"

    def get_context_data(self, **kwargs: Any) -> dict:
        """Add the search and the clauses that it finds; without one, all of them."""
        form = ClauseSearchForm(self.request.GET)
        search = form.chosen.get("q", "")
        sections = by_section(clauses_found(self.object, search))
        found = sum(len(section.clauses) for section in sections)
        return super().get_context_data(
            form=form,
            search=search,
            sections=sections,
            found=found,
            facts=policy_facts(self.object),
            crumbs=[("Policies", reverse("policies:policy-list")), (self.object.organisation, "")],
            **kwargs,
        )


class ClauseDetail(SignedInMixin, RedirectView):
    """The lasting address of a clause: it leads to the clause's place in its policy."""

    http_method_names = ("get", "head", "options")

    def get_redirect_url(self, *args: Any, **kwargs: Any) -> str:
        """The page of the policy, at this clause; 404 for a reference that no policy has."""
        return get_object_or_404(Clause, ref=kwargs["ref"]).get_absolute_url()


def policy_facts(policy: Policy) -> list[dict[str, str]]:
    """What the policy says about itself, for a summary list."""
    return [
        {"key": "Edition", "value": policy.edition or NOT_STATED},
        {"key": "Next review", "value": policy.next_review_text or NOT_STATED},
        {"key": "How its clauses are cited", "value": f"{policy.code}, section and number"},
    ]
