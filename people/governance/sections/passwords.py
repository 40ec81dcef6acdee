"""Passwords of accounts: where they are kept and who may have them."""

from people.governance.setting import PASSWORDS, Setting
from people.governance.values import Choice, RoleList, Text, options

SETTINGS = (
    Setting(
        "credential_holder",
        28,
        PASSWORDS,
        "Who keeps the passwords",
        "Who keeps the passwords of the school’s accounts?",
        RoleList(),
        part="credentials",
        routing=True,
    ),
    Setting(
        "credential_place",
        28,
        PASSWORDS,
        "Where passwords are kept",
        "Where are the passwords of the school’s accounts kept?",
        Text(200),
        unset="Not noted",
    ),
    Setting(
        "credential_readers",
        28,
        PASSWORDS,
        "Who may have the passwords",
        "Who may have the password of any account because of their role?",
        RoleList(allow_empty=True, empty_words="Nobody by role alone"),
        default=[],
        routing=True,
    ),
    Setting(
        "credential_grantors",
        28,
        PASSWORDS,
        "Who lets others have a password",
        "Who must agree before somebody else is given the password of an account? All of them must.",
        RoleList(allow_empty=True, empty_words="Nobody: it is given to no one else"),
        default=[],
        routing=True,
    ),
    Setting(
        "credential_change_recipient",
        28,
        PASSWORDS,
        "Who hears of a changed password",
        "Who is told when the password of an account is changed?",
        RoleList(allow_empty=True),
        default=[],
        routing=True,
    ),
    Setting(
        "credential_mode",
        0,
        PASSWORDS,
        "Passwords in this portal",
        "Are passwords kept in this portal, or does it only note where they are kept and who may read them?",
        Choice(
            options(
                elsewhere="Kept elsewhere: the portal notes where, and who may read them",
                encrypted="Kept in the portal, encrypted",
            )
        ),
        offer="elsewhere",
        part="credentials",
        routing=True,
    ),
)
