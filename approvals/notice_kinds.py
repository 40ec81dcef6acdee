"""What the portal writes about approvals: a link and no detail."""

from django.conf import settings
from django.urls import reverse

from approvals.network.outside import KIND as OUTSIDE
from approvals.network.outside import link_of_notice, may_receive, token_of
from core.models import Notice
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
register_kind(
    "approvals.unblock_received",
    NoticeKind(
        "Somebody asks for a blocked site",
        "A colleague asks for a blocked website. You receive such requests: say what whoever decides should know.",
        names_row=True,
    ),
)
register_kind(
    "approvals.network_to_open",
    NoticeKind(
        "Something on the network waits to be opened",
        "It was allowed and waits for you to open it. Say so in the portal when it is done.",
        names_row=True,
    ),
)
register_kind(
    "approvals.network_opened",
    NoticeKind("It is open now", "What you asked for on the school's network is open now.", names_row=True),
)
register_kind(
    "approvals.network_ends_soon",
    NoticeKind(
        "Access on the network ends soon",
        "Access that was allowed for a time ends soon. If it is needed for longer, ask for it again now.",
        names_row=True,
    ),
)
register_kind(
    "approvals.network_over",
    NoticeKind(
        "Access on the network is over",
        "Access that was allowed for a time is over and is to be blocked again.",
        names_row=True,
    ),
)
register_kind(
    "approvals.network_unopened",
    NoticeKind(
        "Your request on the network lapsed",
        "It ended before it was recorded as open. Ask for it again if it is still needed.",
        names_row=True,
    ),
)
register_kind(
    "approvals.network_not_to_open",
    NoticeKind(
        "Something on the network is not to be opened any more",
        "It ended before it was recorded as open. If you have opened it already, block it again.",
        names_row=True,
    ),
)


def _provider_link(notice: Notice) -> str:
    link = link_of_notice(notice)
    return settings.SITE_URL + reverse("approvals:outside-answer", args=[token_of(link)]) if link else ""


register_kind(
    OUTSIDE,
    NoticeKind(
        "A school asks you about a blocked website",
        "A school for which you look after the network asks for your help with a blocked website. "
        "The link opens this one request. You need no account.",
        own_link=_provider_link,
        may_receive=may_receive,
    ),
)
register_kind(
    "approvals.measure_to_carry_out",
    NoticeKind(
        "A security measure waits for you",
        "A leader directed a security measure. Carry it out, and say so in the portal when it is in place.",
        names_row=True,
    ),
)
register_kind(
    "approvals.measure_in_place",
    NoticeKind(
        "A security measure is in place",
        "A security measure that you directed was carried out.",
        names_row=True,
    ),
)
register_kind(
    "approvals.measure_withdrawn",
    NoticeKind(
        "A security measure is no longer used", "A leader withdrew a security measure.", names_row=True
    ),
)
register_kind(
    "approvals.measure_review_soon",
    NoticeKind(
        "A security measure is to be reviewed soon",
        "In two weeks a security measure is to be reviewed: whether it still serves, and what is to be updated.",
        names_row=True,
    ),
)
register_kind(
    "approvals.measure_review_due",
    NoticeKind(
        "A security measure is to be reviewed now",
        "The review of a security measure is due. Record in the portal what you found.",
        names_row=True,
    ),
)
