"""What the history says about social media accounts."""

from accounts.monitoring import words as monitoring_words  # noqa: F401
from core.audit import register_action

for _action, _sentence in {
    "accounts.request_started": "started a request for an account",
    "accounts.request_saved": "saved answers",
    "accounts.request_discarded": "discarded the draft",
    "accounts.consulted": "wrote a message",
    "accounts.coverage_exported": "took the list of who runs which account as a file",
    "accounts.account_approved": "added the account to the register after the final approval",
    "accounts.account_entered": "entered an account that existed already",
    "accounts.account_confirmed": "confirmed an account that existed already",
    "accounts.account_not_confirmed": "did not confirm an account",
    "accounts.account_changed": "changed the account's details",
    "accounts.went_live": "recorded that the account went live",
    "accounts.closed": "closed the account",
    "accounts.right_granted": "gave a right on the account",
    "accounts.right_changed": "changed how long a right lasts",
    "accounts.right_ended": "ended a right on the account",
    "accounts.right_asked": "asked for a change of rights",
    "accounts.register_exported": "exported the register",
    "accounts.register_imported": "entered accounts from a file",
}.items():
    register_action(_action, _sentence)
