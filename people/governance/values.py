"""The kinds of value that a governance setting can take: one place to import them from.

Each kind reads JSON or TOML (`parse`), gives back plain JSON (`to_json`) and says it in words (`describe`).
`parse(to_json(value)) == value` for every value, and `parse` raises nothing but ValueError, whose message is
plain English because the settings page shows it. None never reaches a kind: it means that nobody has said.
"""

from people.governance.date_values import CalendarDate, Date, DateList, MonthList, MonthOrDate, TimeOfDay
from people.governance.hosts import FREE_MAIL_DOMAINS, is_free_mail
from people.governance.kind import Kind, Titles
from people.governance.plain_values import (
    Boolean,
    Choice,
    ChoiceList,
    DomainList,
    Integer,
    SiteList,
    Table,
    Text,
    options,
)
from people.governance.role_values import Chain, RoleList, RoleTitles
from people.governance.who import ALL, ANY, RoleRef, StepSpec, title_of

KINDS: dict[str, type[Kind]] = {
    kind.name: kind
    for kind in (
        RoleList,
        Chain,
        Choice,
        ChoiceList,
        Integer,
        Boolean,
        Text,
        DomainList,
        SiteList,
        MonthList,
        Date,
        DateList,
        MonthOrDate,
        TimeOfDay,
        Table,
        RoleTitles,
    )
}

__all__ = [
    "ALL",
    "ANY",
    "FREE_MAIL_DOMAINS",
    "KINDS",
    "Boolean",
    "CalendarDate",
    "Chain",
    "Choice",
    "ChoiceList",
    "Date",
    "DateList",
    "DomainList",
    "Integer",
    "Kind",
    "MonthList",
    "MonthOrDate",
    "RoleList",
    "RoleRef",
    "RoleTitles",
    "SiteList",
    "StepSpec",
    "Table",
    "Text",
    "TimeOfDay",
    "Titles",
    "is_free_mail",
    "options",
    "title_of",
]
