"""What the history says about incidents: that something was done, and nothing of what it is about."""

from core.audit import register_action
from incidents.comments import words as comments_words  # noqa: F401

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

for _action, _sentence in {
    "incidents.concern_assigned": "assigned a concern",
    "incidents.concern_classified": "changed the category or urgency of a concern",
    "incidents.concern_waiting": "said for whom a concern waits",
    "incidents.concern_policy": "recorded the policy that governs a concern",
    "incidents.concern_reference": "recorded the reference of another system",
    "incidents.concern_image": "marked that an indecent image may be involved",
    "incidents.concern_decided": "recorded a decision on a concern",
    "incidents.concern_shared": "shared a concern with a colleague",
    "incidents.concern_linked": "linked a concern to another",
    "incidents.action_added": "added an action to a concern",
    "incidents.action_changed": "changed an action of a concern",
    "incidents.action_done": "recorded that an action is done",
}.items():
    register_action(_action, _sentence)

for _action, _sentence in {
    "incidents.abuse_logged": "added an entry to the log of abuse",
    "incidents.abuse_acted": "said what was done about an entry of the log of abuse",
    "incidents.abuse_closed": "marked an entry of the log of abuse as done",
    "incidents.abuse_opened_again": "opened an entry of the log of abuse again",
    "incidents.abuse_exported": "downloaded the log of abuse",
    "incidents.abuse_figures_exported": "downloaded the figures of the log of abuse",
}.items():
    register_action(_action, _sentence)

for _action, _sentence in {
    "incidents.evidence_added": "added evidence",
    "incidents.evidence_seen": "looked at evidence",
    "incidents.evidence_taken": "downloaded the original of evidence",
    "incidents.pack_made": "made a chronology pack",
    "incidents.glass_taken": "took emergency access to concerns",
    "incidents.duty_set": "said who is on duty",
    "incidents.duty_ended": "ended a duty early",
    "incidents.duty_began": "reached whoever is on duty",
    "incidents.figures_exported": "downloaded figures of concerns",
}.items():
    register_action(_action, _sentence)

for _action, _sentence in {
    "incidents.concern_referred": "recorded a referral of a concern",
    "incidents.concern_advised": "recorded advice on a concern",
    "incidents.concern_overridden": "went ahead with a concern before advice had come",
    "incidents.concern_wish": "recorded a wish in a concern",
    "incidents.concern_sanction": "recorded a measure in a concern",
    "incidents.concern_parents": "recorded in a concern whether parents were told",
    "incidents.concern_closed": "closed a concern",
    "incidents.concern_reopened": "opened a concern again",
    "incidents.concern_kept": "decided to keep a concern for longer",
    "incidents.concern_breach": "recorded a step about a data protection breach",
    "incidents.concern_heard": "recorded the hearing of a complaint",
    "incidents.concern_acknowledged": "recorded that a complaint was acknowledged",
}.items():
    register_action(_action, _sentence)
