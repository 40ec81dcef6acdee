"""Every address of the portal, read from the URL conf itself, with arguments from a world."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from approvals.network import outside
from consent.services import links
from people.services.invitations import token_of
from smgov.tests.access.table_abuse import ABUSE_UUIDS
from smgov.tests.access.table_assurance import ASSURANCE_UUIDS
from smgov.tests.access.table_clocks import CLOCKS_UUIDS
from smgov.tests.access.table_comments import COMMENT_UUIDS
from smgov.tests.access.table_concerns_casework import CASEWORK_ARGUMENTS, CASEWORK_UUIDS
from smgov.tests.access.table_concerns_outcomes import CONCERN_OUTCOME_UUIDS, MORE_UUIDS
from smgov.tests.access.table_declarations import DECLARATIONS_UUIDS
from smgov.tests.access.table_documents import DOCUMENT_UUIDS
from smgov.tests.access.table_reading import READING_UUIDS
from smgov.tests.access.table_reviews import REVIEWS_UUIDS
from smgov.tests.access.table_training import TRAINING_UUIDS
from smgov.tests.access.world import World


@dataclass(frozen=True)
class Address:
    """One pattern: its qualified name and the names of its arguments."""

    name: str
    arguments: frozenset[str]
    callback: Callable


def every_address(
    resolver: URLResolver | None = None, prefix: str = "", above: frozenset = frozenset()
) -> Iterator[Address]:
    """Walk the URL conf. A pattern without a name cannot be tested and fails the suite."""
    resolver = resolver or get_resolver()
    for entry in resolver.url_patterns:
        arguments = above | frozenset(entry.pattern.converters) | frozenset(entry.pattern.regex.groupindex)
        if isinstance(entry, URLResolver):
            namespace = f"{prefix}{entry.namespace}:" if entry.namespace else prefix
            yield from every_address(entry, namespace, arguments)
        elif isinstance(entry, URLPattern):
            yield Address(
                f"{prefix}{entry.name}" if entry.name else f"{prefix}?{entry.pattern}",
                arguments,
                entry.callback,
            )


UUIDS: dict[str, str] = {
    **ABUSE_UUIDS,
    **ASSURANCE_UUIDS,
    **CLOCKS_UUIDS,
    **COMMENT_UUIDS,
    **DECLARATIONS_UUIDS,
    **DOCUMENT_UUIDS,
    **READING_UUIDS,
    **REVIEWS_UUIDS,
    **TRAINING_UUIDS,
    **CASEWORK_UUIDS,
    **CONCERN_OUTCOME_UUIDS,
    "incidents:concern-sent": "concern",
    "incidents:evidence-add": "concern",
    "incidents:evidence-detail": "evidence",
    "incidents:evidence-shown": "evidence",
    "incidents:evidence-original": "evidence",
    "incidents:concern-pack": "concern",
    "incidents:duty-end": "duty",
    "consent:import-detail": "import",
    "consent:import-columns": "import",
    "consent:import-accept": "import",
    "consent:import-cancel": "import",
    "consent:import-rows": "import",
    "consent:import-doubtful": "import",
    "consent:import-missing": "import",
    "consent:import-mistakes": "import",
    "consent:pupil-change": "pupil",
    "consent:contact-add": "pupil",
    "consent:contact-change": "contact",
    "consent:link-send": "contact",
    "consent:link-revoke": "contact",
    "consent:pupil-link-send": "grown",
    "consent:pupil-link-revoke": "grown",
    "consent:pupil-detail": "pupil",
    "consent:reply-record": "pupil",
    "consent:scan-open": "scan",
    "consent:reply-settle": "reply_to_check",
    "consent:search-do": "search",
    "consent:flag-detail": "flag",
    "consent:flag-lift": "flag",
    "consent:flag-set": "pupil",
    "consent:review-detail": "review",
    "consent:pupil-erase": "former",
    "consent:pupil-export": "pupil",
    "consent:mention-change": "unblock_asked",
    "consent:mention-remove": "unblock_asked",
    "consent:check-detail": "check",
    "consent:purpose-reword": "purpose",
    "consent:purpose-retire": "purpose",
    "consent:round-detail": "round",
    "consent:round-remind": "round",
    "consent:round-close": "round",
    "consent:assessment-record": "grown",
    "consent:other-end": "other",
    "people:person-detail": "second",
    "people:membership-give": "second",
    "people:person-leave": "second",
    "people:person-email": "second",
    "people:person-name": "second",
    "people:membership-end": "membership",
    "people:invitation-again": "invitation",
    "people:change-detail": "change",
    "people:change-withdraw": "change",
    "people:deputy-end": "deputy",
    "people:profile-detail": "profile",
    "people:preset-choose": "profile",
    "people:setting-change": "profile",
    "approvals:request-detail": "pending",
    "approvals:unblock-detail": "unblock_asked",
    "approvals:unblock-change": "unblock_returned",
    "approvals:unblock-withdraw": "unblock_asked",
    "approvals:unblock-note": "unblock_asked",
    "approvals:unblock-link": "unblock_asked",
    "approvals:unblock-opened": "unblock_to_open",
    "approvals:unblock-end": "unblock_open",
    "approvals:unblock-shut": "unblock_to_shut",
    "approvals:wifi-detail": "wifi_asked",
    "approvals:wifi-withdraw": "wifi_asked",
    "approvals:wifi-opened": "wifi_to_open",
    "approvals:wifi-end": "wifi_open",
    "approvals:wifi-shut": "wifi_to_shut",
    "approvals:site-lift": "site",
    "approvals:measure-detail": "measure_in_place",
    "approvals:measure-carry-out": "measure",
    "approvals:measure-review": "measure_in_place",
    "approvals:measure-withdraw": "measure",
    "accounts:request-detail": "draft",
    "accounts:request-check": "draft",
    "accounts:request-advice": "draft",
    "accounts:request-discard": "draft",
    "accounts:request-withdraw": "pending_request",
    "accounts:request-section": "draft",
    "accounts:account-detail": "live",
    "accounts:account-change": "live",
    "accounts:account-live": "approved",
    "accounts:account-close": "live",
    "accounts:rights-ask": "live",
    "accounts:right-end": "right",
    "incidents:report-detail": "report",
    "incidents:report-sent": "report",
    "incidents:report-hand-over": "report_known",
    "incidents:report-technician": "report_handed",
    "incidents:report-close": "report_known",
    "incidents:bypass-detail": "bypass",
    "incidents:ban-set": "bypass",
    "incidents:ban-none": "bypass",
    "incidents:ban-end": "bypass_banned",
}
"""The thing of a world whose public id an address takes as `uuid`."""

BEHIND_A_LINK: dict[str, str] = {
    "consent:answer-child": "pupil",
    "consent:answer-withdraw": "pupil",
    "consent:answer-recorded": "reply_by_link",
}
"""The same for pages whose address holds a secret too, which opens them to whoever has it."""


def path_of(address: Address, world: World) -> str:
    """The address of the world's own thing. Raises KeyError for an address that nobody listed."""
    return reverse(address.name, kwargs={name: _argument(address, name, world) for name in address.arguments})


def _argument(address: Address, name: str, world: World) -> Any:
    if name == "uuid":
        return world.things[{**UUIDS, **BEHIND_A_LINK}[address.name]].uuid
    further = {**CASEWORK_ARGUMENTS, **MORE_UUIDS.get(address.name, {})}
    if name in further:
        return world.things[further[name]].uuid
    fixed = {
        "school": lambda: world.school.uuid,
        "section": lambda: "purpose",
        "statement": lambda: "approach",
        "kind": lambda: "blocked-site",
        "key": lambda: "min_admins",
        "code": lambda: "STM",
        "ref": lambda: "STM-15.21",
        "token": lambda: {
            "approvals": lambda: outside.token_of(world.link),
            "core": lambda: world.feed_token,
            "consent": lambda: links.token_of(world.things["answer_link"]),
            "people": lambda: token_of(world.invitation),
        }[address.name.partition(":")[0]](),
        "slug": lambda: world.school.trust.slug if address.name.endswith("trust") else world.school.slug,
    }
    return fixed[name]()
