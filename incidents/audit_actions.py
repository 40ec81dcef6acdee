"""What the history says about incidents: that something was done, and nothing of what it is about."""

from core.audit import register_action

for _action, _sentence in {
    "incidents.report_sent": "sent a report",
    "incidents.report_read": "read a report or a record",
    "incidents.addresses_handed_over": "handed addresses to the technician",
    "incidents.technician_done": "filled in the technician's part",
    "incidents.road_mended": "went to somebody else, because nobody was left to hear of it",
    "incidents.dealt_with": "closed a report",
    "incidents.bypass_recorded": "recorded an attempt to get round the firewall",
    "incidents.ban_set": "set a ban from school computers",
    "incidents.ban_ended": "ended a ban from school computers early",
    "incidents.ban_over": "told that a ban from school computers is over",
}.items():
    register_action(_action, _sentence)

for _action, _sentence in {
    "incidents.concern_sent": "reported a concern",
    "incidents.concern_read": "read a concern",
    "incidents.concern_noted": "added to the chronology of a concern",
    "incidents.concern_person_added": "added a person to a concern",
    "incidents.concern_person_mistaken": "marked a person in a concern as a mistake",
    "incidents.concern_recused": "stood back from a concern",
    "incidents.concern_widened": "went to somebody else",
    "incidents.concern_unshared": "no longer shares a concern",
}.items():
    register_action(_action, _sentence)
