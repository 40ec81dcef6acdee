"""What the portal writes about approvals: a link and no detail."""

from core.notices import NoticeKind, register_kind

register_kind(
    "approvals.to_sign",
    NoticeKind("A request waits for your signature", "A request waits for your decision.", names_row=True),
)
register_kind(
    "approvals.chase",
    NoticeKind(
        "A request still waits for you",
        "A request has waited for your decision longer than your school allows.",
        names_row=True,
    ),
)
register_kind(
    "approvals.decided", NoticeKind("Your request was decided", "Somebody decided on a request of yours.")
)
register_kind(
    "approvals.returned",
    NoticeKind(
        "Your request came back",
        "Your request came back with questions. Answer them and send it again.",
        names_row=True,
    ),
)
register_kind(
    "approvals.expired",
    NoticeKind(
        "Your request was closed",
        "A request that was returned to you was closed, because it was not sent again.",
        names_row=True,
    ),
)
