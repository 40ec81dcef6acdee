"""Who may open and send what about consent: part of the one table."""

from smgov.tests.access.rows import SAME, Row

SHOWERS = "owner staff office headteacher dsl head_of_comms senior_leader dpo"
"""Who sees yes and no: whoever takes or publishes pictures, or answers for it."""
NO_SHOWERS = "root contributor governance hr it chair"
WHOLE = "office headteacher dsl dpo"
"""Who sees dates of birth, contacts, and who said what."""

CONSENT: dict[str, Row] = {
    "consent:home": Row(open=SHOWERS, refused=NO_SHOWERS, outside=SAME),
    "consent:pupil-detail": Row(open=SHOWERS),
    "consent:reply-settle": Row(open="office dpo", refused="headteacher dsl", posts=True),
    "consent:search-list": Row(
        open="office headteacher head_of_comms dpo dsl",
        refused="root owner staff contributor senior_leader governance hr it chair",
        outside=SAME,
    ),
    "consent:search-do": Row(open="headteacher head_of_comms", refused="office dpo", posts=True),
}
