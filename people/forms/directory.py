"""The search and filters of the list of people."""

from collections.abc import Iterable

from django import forms

from core.forms import FilterForm
from core.roles import Role
from people.directory import STATES
from people.models import School
from people.selectors import Place


class PeopleFilter(FilterForm):
    """Name or e-mail, school, role, state. `places` are the schools to choose from."""

    q = forms.CharField(label="Name or e-mail", max_length=100)
    school = forms.ChoiceField(label="School")
    role = forms.ChoiceField(label="Role", choices=[("", "Every role"), *Role.choices])
    state = forms.ChoiceField(label="State", choices=[("", "Every state"), *STATES.items()])

    def __init__(self, *args, places: Iterable[Place], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.places = {str(place.uuid): place for place in places}
        if len(self.places) < 2:
            del self.fields["school"]
            return
        names = [(key, place.name) for key, place in self.places.items()]
        self.fields["school"].choices = [("", "Every school"), *names]

    def clean_school(self) -> School | None:
        """The school itself."""
        place = self.places.get(self.cleaned_data["school"])
        return School.objects.get(pk=place.pk) if place else None
