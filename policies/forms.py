"""Input of the policy pages."""

from django import forms

from core.forms import FilterForm


class ClauseSearchForm(FilterForm):
    """Words to look for among the clauses of one policy."""

    q = forms.CharField(label="Search the clauses", max_length=100)
