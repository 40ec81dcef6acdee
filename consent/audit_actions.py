"""What the history says about consent: ids and facts, never a name."""

from core.audit import register_action

for _action, _sentence in {
    "consent.pupil_changed": "changed a pupil's details",
    "consent.pupil_added": "added a pupil",
    "consent.contact_changed": "changed a contact",
    "consent.reply_recorded": "recorded an answer about consent",
    "consent.reply_settled": "checked who had answered",
    "consent.purpose_added": "added something that consent is asked for",
    "consent.purpose_reworded": "changed the words of a question about consent",
    "consent.purpose_retired": "stopped asking about something",
    "consent.search_done": "recorded a search for earlier posts",
    "consent.history_read": "read the consent record of a pupil",
}.items():
    register_action(_action, _sentence)
