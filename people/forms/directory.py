"""The search and filters of the list of people."""

from collections.abc import Iterable

from django import forms

from core.forms import FilterForm
from core.roles import Role
from people.directory import STATES
from people.forms.widgets import LongSelect
from people.models import School


class PeopleFilter(FilterForm):
    """Name or e-mail, school, role, state."""

    q = forms.CharField(label="Name or e-mail", max_length=100)
    school = forms.ChoiceField(label="School", widget=LongSelect)
    role = forms.ChoiceField(label="Role", choices=[("", "Every role"), *Role.choices])
    state = forms.ChoiceField(label="State", choices=[("", "Every state"), *STATES.items()])

    def __init__(self, *args, schools: Iterable[School], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.schools = {str(school.uuid): school for school in schools}
        if len(self.schools) < 2:
            del self.fields["school"]
            return
        names = [(key, school.name) for key, school in self.schools.items()]
        self.fields["school"].choices = [("", "Every school"), *names]

    def clean_school(self) -> School | None:
        """The school itself."""
        return self.schools.get(self.cleaned_data["school"])
