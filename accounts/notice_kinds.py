"""What the portal writes about accounts: a link and no detail."""

from core.notices import NoticeKind, register_kind

register_kind(
    "accounts.consulted",
    NoticeKind(
        "You were asked for advice",
        "A colleague asks for your advice on a request for an account.",
        names_row=True,
    ),
)
register_kind(
    "accounts.message",
    NoticeKind(
        "New message on a request", "There is a new message on a request for an account.", names_row=True
    ),
)
register_kind(
    "accounts.right_granted",
    NoticeKind(
        "You have a right on an account", "You were given a right on a social media account.", names_row=True
    ),
)
register_kind(
    "accounts.right_ended",
    NoticeKind(
        "A right on an account has ended",
        "One of your rights on a social media account has ended.",
        names_row=True,
    ),
)
register_kind(
    "accounts.below_minimum",
    NoticeKind(
        "An account has too few administrators",
        "An account has fewer administrators than your policy asks for.",
        names_row=True,
    ),
)
register_kind(
    "accounts.lead_left",
    NoticeKind(
        "An account has lost its lead",
        "The lead of an account has left. Close the account or give it a new lead.",
        names_row=True,
    ),
)
register_kind(
    "accounts.left",
    NoticeKind(
        "You have left: what stays confidential",
        "You have left the school. What you learned in confidence stays confidential on social media after you "
        "leave. Any rights that you held on the school's accounts have ended.",
        may_receive=lambda user, key: True,
    ),
)
register_kind(
    "accounts.left_rights",
    NoticeKind(
        "Your rights on the school's accounts have ended",
        "You have left, and your rights on the school's social media accounts have ended.",
        may_receive=lambda user, key: True,
    ),
)
register_kind(
    "accounts.to_confirm",
    NoticeKind(
        "Accounts wait for your confirmation",
        "Accounts that existed already were entered from a file. Each waits for your confirmation.",
    ),
)
register_kind(
    "accounts.ready",
    NoticeKind(
        "Your account may be set up",
        "An account that you asked for was approved. Set it up and record it.",
        names_row=True,
    ),
)
register_kind(
    "accounts.to_get_ready",
    NoticeKind(
        "Before you may run an account",
        "You are named to run a social media account. Something is still to be read, or training to be done.",
    ),
)
