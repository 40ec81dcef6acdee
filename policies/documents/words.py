"""What the log and the notices say about documents."""

from core.audit import register_action

for _action, _sentence in {
    "policies.document_added": "added a document",
    "policies.entered_in_force": "entered a document as in force already",
    "policies.document_changed": "changed what is said about a document",
    "policies.document_retired": "ended the use of a document",
    "policies.draft_written": "wrote a draft of a document",
    "policies.draft_dropped": "put a draft of a document aside",
    "policies.version_in_force": "brought a version of a document into force",
    "policies.review_date_moved": "moved the next review of a document",
    "policies.link_added": "linked a document with another policy",
    "policies.link_removed": "removed the link of a document with another policy",
    "policies.citation_added": "added a law or guidance that a document cites",
    "policies.citation_removed": "removed a law or guidance from a document",
    "policies.edition_recorded": "recorded an edition of a law or guidance",
    "policies.documents_exported": "took the list of documents as a file",
    "policies.notice_made": "made a notice for the community",
    "policies.notice_changed": "changed the words of a notice for the community",
    "policies.notice_sent": "recorded a notice for the community as sent",
    "policies.notice_dropped": "put a notice for the community aside",
}.items():
    register_action(_action, _sentence)
