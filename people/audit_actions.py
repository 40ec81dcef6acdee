"""What the history says about people."""

from core.audit import register_action

for _action, _sentence in {
    "people.signed_in": "signed in",
    "people.sign_in_failed": "a sign-in with a wrong password was refused",
    "people.signed_out": "signed out",
    "people.password_changed": "changed their password",
    "people.sign_in_step_refused": "a step of signing in was not completed",
    "people.password_reset_asked": "a new password was asked for",
    "people.password_code_accepted": "the code for a new password was given",
    "people.reauthenticated": "gave their password again",
    "people.invited": "invited a person",
    "people.invitation_sent_again": "sent an invitation again",
    "people.joined": "accepted their invitation",
    "people.details_changed": "changed a person's details",
    "people.membership_given": "gave a role",
    "people.membership_ended": "ended a role",
    "people.left": "recorded that a person left",
    "people.change_asked": "asked for a change that needs a second person",
    "people.change_confirmed": "confirmed a change",
    "people.change_refused": "refused a change",
    "people.change_withdrawn": "withdrew a change",
    "people.deputy_appointed": "appointed a deputy",
    "people.deputy_ended": "ended a deputy's appointment",
    "people.setting_changed": "changed how the school governs",
    "people.preset_chosen": "chose a policy to start from",
    "people.school_started": "set up a school",
    "people.school_changed": "changed a school's details",
    "people.trust_changed": "changed a trust's details",
    "people.platform_changed": "changed a platform",
    "people.staff_imported": "invited people from a file",
    "people.register_exported": "exported a list of people",
}.items():
    register_action(_action, _sentence)
