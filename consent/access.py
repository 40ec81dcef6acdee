"""Who may do what with pupils, consent and checks.

Staff see the answer, not the dates of birth, contacts or reasons; the office, the DPO, the headteacher, the
DSL and whoever keeps the record see the whole. A profile names the keeper and who receives a withdrawal, so
both are asked of the profile.
"""

from typing import Any

from django.db.models import Q

from consent.models import (
    ConsentCheck,
    Contact,
    NeverShow,
    OtherPerson,
    PostSearch,
    Pupil,
    PupilImport,
    Purpose,
    RegisterReview,
    Reply,
    Round,
)
from core.access import Rules, Standing, standing_of
from core.roles import Role, with_deputies
from people.selectors import keeps_at

SHOWERS = with_deputies(
    (Role.STAFF, Role.OFFICE, Role.HEADTEACHER, Role.DSL, Role.HEAD_OF_COMMS, Role.SENIOR_LEADER, Role.DPO)
)
"""Who takes or publishes pictures, or answers for it. Volunteers, governors, HR and technicians do not."""
WHOLE = (Role.OFFICE, Role.DPO, Role.HEADTEACHER, Role.DSL)
"""Who sees dates of birth, contacts, and who said what."""
CLERKS = (Role.OFFICE, Role.DPO)
"""Who keys answers in and imports pupils."""
LEADERS = (Role.DPO, Role.HEADTEACHER)

KEEPER = "consent_keeper"
RECIPIENT = "withdrawal_recipient"
BY_PROFILE: dict[str, tuple[str, ...]] = {
    "view": (KEEPER, RECIPIENT),
    "classes": (KEEPER, RECIPIENT),
    "details": (KEEPER, RECIPIENT),
    "record": (KEEPER, RECIPIENT),
    "import": (KEEPER,),
    "ask": (KEEPER,),
    "settle": (KEEPER,),
    "terms": (KEEPER,),
    "sign": (KEEPER,),
    "export": (KEEPER,),
    "assess": (KEEPER,),
}
"""Actions that the settings of a profile open, beside the roles of the table."""


def _by_profile(field: str, renamed: dict[str, str] | None = None) -> Any:
    """A `by_name` for rules whose rows reach their school by `field`."""

    def named(user: Any, standing: Standing, action: str) -> Q | None:
        settings = BY_PROFILE.get((renamed or {}).get(action, action), ())
        schools = keeps_at(user, settings)
        return Q(**{f"{field}__in": schools}) if schools else None

    return named


class ConsentRules(Rules):
    """Rules that know the keeper of each school's profile."""

    as_action: dict[str, str]

    def schools(self, user: Any, action: str) -> set[int]:
        """The schools at which a role of the table or the school's own profile grants the action."""
        named = BY_PROFILE.get(self.as_action.get(action, action), ())
        return super().schools(user, action) | keeps_at(user, named)

    def allows_at(self, user: Any, action: str, school: Any) -> bool:
        """Whether the action is open at a school, by role or by the school's profile."""
        return super().allows_at(user, action, school) or school.pk in self.schools(user, action)


def _rules(
    model: Any,
    table: dict[str, tuple[str, ...]],
    field: str = "school",
    as_action: dict[str, str] | None = None,
) -> ConsentRules:
    rules = ConsentRules(model, table, school_field=field, by_name=_by_profile(field, as_action))
    rules.as_action = as_action or {}
    return rules


def sees_consent(user: Any) -> bool:
    """Whether the bar of every page leads to this room: by role alone, as it is asked on every page.

    A keeper whom a profile names besides these roles is led there from their first page, which reads profiles.
    """
    if standing_of(user).schools(SHOWERS):
        return True
    return bool(getattr(user, "_governed_by", None)) and pupil_rules.can_ever(user, "view")


pupil_rules = _rules(
    Pupil,
    {
        "view": SHOWERS,  # the name, the class, and yes or no for each purpose
        "classes": SHOWERS,  # lists of whole classes
        "figures": (*SHOWERS, Role.GOVERNANCE),  # one share of a whole school, without pupil or class
        "details": WHOLE,  # date of birth, contacts, the ledger
        "record": CLERKS,  # key an answer in, change a pupil or a contact by hand
        "import": (*CLERKS, Role.HEADTEACHER),
        "assess": WHOLE,
        "never_show": (Role.DSL,),
        "erase": (Role.DPO,),
        "export": (Role.DPO,),  # what the school holds about one child
        "sign": (),  # the register as reviewed: the keeper alone
    },
)
contact_rules = _rules(Contact, {"view": WHOLE, "record": CLERKS}, as_action={"view": "details"})
reply_rules = _rules(
    Reply, {"view": WHOLE, "settle": CLERKS, "record": CLERKS}, as_action={"view": "details"}
)
purpose_rules = _rules(Purpose, {"view": SHOWERS, "terms": LEADERS}, as_action={})
round_rules = _rules(
    Round, {"view": (*CLERKS, *LEADERS), "ask": (*CLERKS, *LEADERS)}, as_action={"view": "ask"}
)
flag_rules = _rules(NeverShow, {"view": (Role.DSL,)}, field="pupil__school", as_action={"view": ""})
other_rules = _rules(OtherPerson, {"view": SHOWERS, "record": (*CLERKS, *LEADERS, Role.DSL)})
search_rules = _rules(
    PostSearch,
    {
        "view": (Role.HEAD_OF_COMMS, *WHOLE),
        "do": (Role.HEAD_OF_COMMS, Role.HEADTEACHER),
    },
    as_action={"view": "details"},
)
review_rules = _rules(RegisterReview, {"view": LEADERS}, as_action={"view": "sign"})
import_rules = _rules(
    PupilImport,
    {"view": (*CLERKS, Role.HEADTEACHER), "import": (*CLERKS, Role.HEADTEACHER)},
    as_action={"view": "import"},
)


def _own_check(user: Any, standing: Standing, action: str) -> Q | None:
    """Checks that a person kept themselves, where they may still check."""
    schools = standing.schools(str(spec) for spec in SHOWERS) if action == "view" else set()
    return Q(by=user, school__in=schools) if schools else None


check_rules = Rules(
    ConsentCheck,
    {"view": (*WHOLE, Role.HEAD_OF_COMMS), "check": SHOWERS},
    by_name=_own_check,
)
