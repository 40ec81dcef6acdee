"""Who may open and send what about reporting a concern: part of the one table."""

from smgov.tests.access.rows import EVERYBODY, MEMBERS, SAME, Row

REPORTING: dict[str, Row] = {
    "incidents:concern-mine": Row(open=MEMBERS, refused="root", outside=SAME),
    "incidents:concern-start": Row(open=MEMBERS, refused="root", outside=SAME),
    "incidents:concern-danger": Row(open=MEMBERS, refused="root", outside=SAME),
    "incidents:concern-blank": Row(open=MEMBERS, refused="root", outside=SAME),
    "incidents:concern-image": Row(open=MEMBERS, refused="root", outside=SAME, posts=True),
    "incidents:concern-write": Row(open=MEMBERS, refused="root", outside=SAME, posts=True),
    "incidents:concern-sent": Row(open="owner"),
    # Without an account, where the school has opened it.
    "incidents:concern-public": Row(open=EVERYBODY, outside=SAME, public=True, posts=True),
    "incidents:concern-public-sent": Row(open=EVERYBODY, outside=SAME, public=True),
}
