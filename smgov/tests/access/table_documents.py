"""Who may open and send what about documents and notices: part of the one table."""

from smgov.tests.access.rows import MEMBERS, SAME, Row

KEEPERS = "headteacher head_of_comms senior_leader dpo"
NO_KEEPERS = "owner staff contributor office dsl governance hr it chair"
WATCHERS = f"{KEEPERS} dsl hr governance chair"
NO_WATCHERS = "root owner staff contributor office it"
TELLERS = f"{KEEPERS} office"
NO_TELLERS = "root owner staff contributor dsl governance hr it chair"
TOLD = f"{TELLERS} dsl governance chair"
"""Who sees the notices; the DSL and the governors only read them."""
NOT_TOLD = "root owner staff contributor hr it"

OF_KEEPERS = Row(open=KEEPERS, refused=NO_KEEPERS, posts=True)
BUTTON_OF_KEEPERS = Row(open=KEEPERS, refused=NO_KEEPERS, posts=True, gets=False)
NEW = Row(open=KEEPERS, refused=f"root {NO_KEEPERS}", outside=SAME, posts=True)
OF_TELLERS = Row(open=TELLERS, refused="dsl governance chair", posts=True)

DOCUMENTS: dict[str, Row] = {
    "policies:document-list": Row(open=MEMBERS, refused="root", outside=SAME),
    "policies:document-export": Row(open=WATCHERS, refused=NO_WATCHERS, outside=SAME),
    "policies:document-add": NEW,
    "policies:document-detail": Row(open=MEMBERS),
    "policies:document-edit": OF_KEEPERS,
    "policies:document-dates": OF_KEEPERS,
    "policies:document-retire": OF_KEEPERS,
    "policies:version-detail": Row(open=MEMBERS),
    "policies:version-file": Row(open=MEMBERS),
    "policies:version-compare": Row(open=MEMBERS),
    "policies:version-draft": OF_KEEPERS,
    "policies:version-drop": Row(open=KEEPERS, posts=True, gets=False),
    "policies:link-add": OF_KEEPERS,
    "policies:link-remove": BUTTON_OF_KEEPERS,
    "policies:citation-add": OF_KEEPERS,
    "policies:citation-remove": BUTTON_OF_KEEPERS,
    "policies:guidance-list": Row(open=KEEPERS, refused=f"root {NO_KEEPERS}", outside=SAME),
    "policies:guidance-edition-add": NEW,
    "policies:community-list": Row(open=TOLD, refused=NOT_TOLD, outside=SAME),
    "policies:community-new": Row(open=TELLERS, refused=NO_TELLERS, outside=SAME, posts=True),
    "policies:community-detail": Row(open=TOLD),
    "policies:community-edit": OF_TELLERS,
    "policies:community-sent": OF_TELLERS,
    "policies:community-drop": OF_TELLERS,
}

DOCUMENT_UUIDS: dict[str, str] = {
    "policies:document-detail": "document",
    "policies:document-edit": "document",
    "policies:document-dates": "document",
    "policies:document-retire": "document",
    "policies:version-detail": "document_version",
    "policies:version-file": "document_version",
    "policies:version-compare": "document_version",
    "policies:version-draft": "document",
    "policies:version-drop": "document_draft",
    "policies:link-add": "document",
    "policies:link-remove": "document_link",
    "policies:citation-add": "document",
    "policies:citation-remove": "document_citation",
    "policies:community-detail": "community_notice",
    "policies:community-edit": "community_notice",
    "policies:community-sent": "community_notice",
    "policies:community-drop": "community_notice",
}
"""Which thing of the world each address is about: a document in force with a draft, and an open notice."""
