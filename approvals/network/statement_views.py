"""The page of the yearly statement of filtering and monitoring, to read and to print."""

from typing import Any

from django import forms
from django.db.models import Min
from django.views.generic import TemplateView

from approvals.network.evidence import decisions_for
from approvals.network.evidence_access import measure_rules
from approvals.network.evidence_pages import SchoolFilter
from approvals.network.statement_pages import MONITORING, Statement
from approvals.network.years import SchoolYear, years_since
from core.views import AccessMixin
from people.models import School
from people.selectors import places_of

TOLD_BY = {"cit": "CIT-9.03", "st-marys": "STM-9.03"}
"""The clause with which a policy says that access is monitored; others say nothing of it."""


class StatementFilter(SchoolFilter):
    """Of which school and which school year."""

    any_school = ""
    year = forms.ChoiceField(label="School year")
    field_order = ("school", "year")

    def __init__(self, *args: Any, years: list[SchoolYear], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        this, *earlier = years
        self.fields["year"].choices = [
            ("", f"{this} (now)"),
            *((str(one.begins), str(one)) for one in earlier),
        ]

    @property
    def school_year(self) -> SchoolYear:
        """The year in force."""
        return SchoolYear.read(self.chosen.get("year", "")) or SchoolYear.now()


class StatementPage(AccessMixin, TemplateView):
    """What a school says once a year of its filtering and monitoring (CIT-9.03, STM-9.03, STM-2.38)."""

    rules = measure_rules
    action = "statement"
    template_name = "approvals/statement.html"

    def get_context_data(self, **kwargs: Any) -> dict:
        """The statement of the chosen school and year, else of the first school and this year."""
        user = self.request.user
        places = places_of(measure_rules.schools(user, "statement"))
        form = StatementFilter(self.request.GET or None, schools=places, years=self._years())
        place = form.place or places[0]
        if form.place is None and "school" in form.fields:
            form.initial["school"] = str(place.uuid)
        school = School.objects.select_related("trust").get(pk=place.pk)
        statement = Statement(user, school, form.school_year)
        return super().get_context_data(
            form=form,
            school=school,
            year=statement.year,
            this_year=statement.year == SchoolYear.now(),
            monitoring=MONITORING,
            clauses=TOLD_BY.get(statement.profile.preset.slug, ""),
            statement=statement,
            **kwargs,
        )

    def _years(self) -> list[SchoolYear]:
        """From the first request or measure on."""
        user = self.request.user
        asked = decisions_for(user).order_by().aggregate(first=Min("created_at"))["first"]
        directed = (
            measure_rules.visible_to(user, "statement")
            .order_by()
            .aggregate(first=Min("directed_at"))["first"]
        )
        return years_since(min((one for one in (asked, directed) if one), default=None))
