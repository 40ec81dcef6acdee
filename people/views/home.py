"""The first page about people and how their schools govern."""

from core.first_pages import FirstPage


class PeopleHome(FirstPage):
    """People, deputies, changes, settings, and what IT looks after."""

    home = "people:home"
    heading = "People and settings"
    says = "Who does what at your school, and which rules it has chosen."
