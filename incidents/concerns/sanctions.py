"""What may follow a breach, and for whom it fits. A sanction is recorded by a person; nothing happens by itself."""

from django.db import models

from incidents.models import Sort


class Sanction(models.TextChoices):
    """What was decided, as the chronology keeps it."""

    WARNING = "warning", "Warning"
    BEHAVIOUR = "behaviour", "Measure under the behaviour policy"
    DISCIPLINARY = "disciplinary", "Disciplinary action"
    SUSPENSION = "suspension", "Suspension"
    EDUCATION = "education", "Educational intervention or training"
    PRIVILEGES = "privileges", "Loss of social media privileges"
    MEETING = "meeting", "Parents’ meeting with the headteacher"
    INTERACTION = "interaction", "Ability to interact with the school’s accounts removed"
    PLATFORM = "platform", "Account suspended by a platform"
    NETWORK_BAN = "network_ban", "Ban from school computers, other than with close supervision"
    ACCESS = "access", "Access to the school’s accounts or systems removed"
    DISMISSAL = "dismissal", "Dismissal"
    PROSECUTION = "prosecution", "Prosecution, as far as known"
    PROTECTIVE = "protective", "Protective action by the management committee or governing board"
    OTHER = "other", "Something else"


STAFF = (Sort.STAFF, Sort.HEAD)
_ANYBODY = {Sanction.WARNING, Sanction.PLATFORM, Sanction.PROSECUTION, Sanction.PROTECTIVE, Sanction.OTHER}
_FITS: dict[str, set[Sanction]] = {
    Sort.PUPIL: _ANYBODY
    | {
        Sanction.BEHAVIOUR,
        Sanction.SUSPENSION,
        Sanction.EDUCATION,
        Sanction.PRIVILEGES,
        Sanction.MEETING,
        Sanction.INTERACTION,
        Sanction.NETWORK_BAN,
        Sanction.ACCESS,
    },
    Sort.STAFF: _ANYBODY
    | {
        Sanction.DISCIPLINARY,
        Sanction.SUSPENSION,
        Sanction.EDUCATION,
        Sanction.PRIVILEGES,
        Sanction.NETWORK_BAN,
        Sanction.ACCESS,
        Sanction.DISMISSAL,
    },
    Sort.PARENT: _ANYBODY | {Sanction.MEETING, Sanction.INTERACTION, Sanction.ACCESS},
}
_FITS[Sort.HEAD] = _FITS[Sort.STAFF]
_NOBODY = {Sanction.PROTECTIVE, Sanction.PLATFORM, Sanction.OTHER}
"""What may be recorded without naming against whom."""
_OTHERS = _ANYBODY | {Sanction.INTERACTION, Sanction.ACCESS}


def fits(what: Sanction, sort: str | None) -> bool:
    """Whether a sanction fits a sort of person; None: nobody is named."""
    if sort is None:
        return what in _NOBODY
    return what in _FITS.get(sort, _OTHERS)


CONSEQUENCES = {
    Sort.STAFF: "staff",
    Sort.HEAD: "staff",
    Sort.PUPIL: "pupils",
    Sort.PARENT: "parents",
}
"""Under which heading of the profile's texts a sort of person finds what follows a breach."""
