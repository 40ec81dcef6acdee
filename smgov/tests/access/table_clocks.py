"""Who may open and send what about background work and calendars: part of the one table."""

from smgov.tests.access.rows import EVERYBODY, MEMBERS, SAME, Row

NO_IT = " ".join(name for name in MEMBERS.split() if name != "it")

CLOCKS: dict[str, Row] = {
    "core:background": Row(open="root it", refused=NO_IT, outside=SAME),
    "core:mail-list": Row(open="root it", refused=NO_IT, outside=SAME),
    "core:mails-again": Row(open="root it", refused=NO_IT, outside=SAME, posts=True, gets=False),
    "core:mail-again": Row(open="root it", posts=True, gets=False),
    "core:feed-settings": Row(open=EVERYBODY, outside=SAME, posts=True),
    "core:feed-end": Row(open=EVERYBODY, outside=SAME, posts=True, gets=False),
    # Without a sign-in: the address is the proof.
    "core:feed": Row(open=EVERYBODY, outside=SAME, public=True),
}

CLOCKS_UUIDS: dict[str, str] = {"core:mail-again": "stuck_mail"}
"""Which thing of the world each address is about: a mail to somebody at the school that was given up."""
