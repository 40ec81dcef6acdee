"""Every kind of value: what it refuses, what it keeps, and what it says."""

import json
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import settings as speed
from hypothesis import strategies as st

from core.roles import Post, Role
from people.governance.catalogue import SETTINGS
from people.governance.values import (
    KINDS,
    Boolean,
    CalendarDate,
    Chain,
    Choice,
    ChoiceList,
    Date,
    DateList,
    DomainList,
    Integer,
    Kind,
    MonthList,
    MonthOrDate,
    RoleList,
    RoleRef,
    RoleTitles,
    SiteList,
    StepSpec,
    Table,
    Text,
    TimeOfDay,
    options,
    title_of,
)

COLOURS = options(red="Red", blue="Blue")
INDEPENDENT = RoleList(barred=(Role.HEADTEACHER,), barred_because="nobody judges themselves")

REFUSED = [
    (RoleList(), "headteacher", "list of roles"),
    (RoleList(), None, "list of roles"),
    (RoleList(), [], "at least one role"),
    (RoleList(), ["wizard"], "no role called “wizard”"),
    (RoleList(), ["headteacher/wizard"], "no post called “wizard”"),
    (RoleList(), ["headteacher/"], "no post after it"),
    (RoleList(), [""], "no role called"),
    (RoleList(), [["headteacher"]], "written as a word"),
    (RoleList(), [3], "written as a word"),
    (RoleList(), ["office", "office"], "chosen twice"),
    (RoleList(), ["contributor"], "cannot be chosen"),
    (RoleList(), ["office"] * 31, "no more than 30"),
    (INDEPENDENT, ["headteacher"], "nobody judges themselves"),
    (INDEPENDENT, ["headteacher/deputy"], "nobody judges themselves"),
    (Chain(), "headteacher", "list of steps"),
    (Chain(), [], "Somebody must approve"),
    (Chain(), ["headteacher"], "must name a role"),
    (Chain(), [{}], "no role called"),
    (Chain(), [{"role": None}], "no role called"),
    (Chain(), [{"role": "wizard"}], "no role called “wizard”"),
    (Chain(), [{"role": "staff"}], "too wide"),
    (Chain(), [{"role": "contributor"}], "too wide"),
    (Chain(), [{"role": "it", "post": "wizard"}], "no post called"),
    (Chain(), [{"role": "it", "post": None}], "no post called"),
    (Chain(), [{"role": "it", "needed": "most"}], "“any” or “all”"),
    (Chain(), [{"role": "it", "needed": []}], "“any” or “all”"),
    (Chain(), [{"role": "it", "person": "Alex"}], "cannot have “person”"),
    (Chain(), [{"role": "it"}, {"role": "it", "needed": "all"}], "signs twice"),
    (Chain(), [{"role": "it"}] * 9, "no more than 8"),
    (Choice(COLOURS), "green", "Choose “Red” or “Blue”"),
    (Choice(COLOURS), ["red"], "not one of the choices"),
    (Choice(COLOURS), True, "not one of the choices"),
    (ChoiceList(COLOURS), "red", "list of choices"),
    (ChoiceList(COLOURS), [], "at least one"),
    (ChoiceList(COLOURS), ["green"], "not one of the choices"),
    (ChoiceList(COLOURS), [{}], "not one of the choices"),
    (Integer(1, 20), "7", "whole number, in figures"),
    (Integer(1, 20), 7.0, "whole number, in figures"),
    (Integer(1, 20), True, "whole number, in figures"),
    (Integer(1, 20), 0, "from 1 to 20"),
    (Integer(1, 20), 21, "from 1 to 20"),
    (Boolean(), 1, "yes or no"),
    (Boolean(), "true", "yes or no"),
    (Text(), 7, "in words"),
    (Text(), "", "cannot be empty"),
    (Text(), " \n ", "cannot be empty"),
    (Text(10), "eleven long", "10 characters or fewer. You have 11"),
    (Text(), "a\x00b", "cannot be shown"),
    (Text(), "a\u202eb", "cannot be shown"),
    (Text(email=True), "ask at the office", "an e-mail address"),
    (DomainList(), "oakfield.sch.uk", "list of domains"),
    (DomainList(), ["oakfield.sch.uk"] * 51, "no more than 50"),
    (SiteList(), "x.com", "list of websites"),
    (SiteList(), ["x"], "not a domain"),
    (MonthList(), 9, "list of months"),
    (MonthList(), [], "at least one month"),
    (MonthList(), [0], "from 1 to 12"),
    (MonthList(), ["September"], "whole number"),
    (Date(), "23/09/26", "year, month and day"),
    (Date(), "2026-09", "year, month and day"),
    (Date(), "2026-02-30", "no date 2026-02-30"),
    (Date(), "２０２６-09-23", "year, month and day"),
    (Date(), 20260923, "year, month and day"),
    (Date(), datetime(2026, 9, 23, 12, 0), "year, month and day"),
    (DateList(), "2026-09-23", "list of dates"),
    (DateList(), ["2026-13-01"], "no date"),
    (MonthOrDate(), "2024", "year, month and day"),
    (MonthOrDate(), "2024-13", "no date"),
    (MonthOrDate(), "Nov 24", "year, month and day"),
    (MonthOrDate(), "Nov. 24", "year, month and day"),
    (TimeOfDay(), "24:00", "24-hour clock"),
    (TimeOfDay(), "9:00", "24-hour clock"),
    (TimeOfDay(), "09:60", "24-hour clock"),
    (TimeOfDay(), 900, "24-hour clock"),
    (Table(COLOURS, Boolean()), [], "at least one of the lines"),
    (Table(COLOURS, Boolean()), {}, "at least one of the lines"),
    (Table(COLOURS, Boolean()), {"green": True}, "no line called “green”"),
    (Table(COLOURS, Boolean()), {"blue": "x"}, "Blue: Choose yes or no"),
    (RoleTitles(), ["headteacher"], "title for each role"),
    (RoleTitles(), {"wizard": "Wizard"}, "no role called"),
    (RoleTitles(), {"office/wizard": "Wizard"}, "no post called"),
    (RoleTitles(), {"office": ""}, "cannot be empty"),
    (RoleTitles(), {"office": "x" * 81}, "80 characters or fewer"),
    (RoleTitles(), {"office": None}, "in words"),
]


@pytest.mark.parametrize(("kind", "raw", "words"), REFUSED)
def test_a_wrong_value_is_refused_in_words(kind, raw, words):
    with pytest.raises(ValueError, match=words):
        kind.parse(raw)


def test_every_kind_has_refusals_in_this_table():
    assert {type(kind) for kind, _, _ in REFUSED} == set(KINDS.values())


def test_every_kind_of_the_code_is_listed_and_has_its_own_name():
    assert set(KINDS.values()) == set(Kind.__subclasses__())
    assert len(KINDS) == len(Kind.__subclasses__())


def test_every_setting_has_a_listed_kind():
    assert {type(one.kind) for one in SETTINGS.values()} <= set(KINDS.values())


TITLES = {"head_of_comms": "Marketing officer", "senior_leader/elt": "Executive team", "office": "Front desk"}

SAID = [
    (RoleList(), ["head_of_comms", "it"], "Marketing officer and IT technician"),
    (RoleList(join="or"), ["hr", "office", "it"], "Human resources, Front desk or IT technician"),
    (RoleList(allow_empty=True, empty_words="Nobody else"), [], "Nobody else"),
    (RoleList(), ["office/deputy", "senior_leader/elt"], "Deputy Front desk and Executive team"),
    (
        Chain(),
        [{"role": "head_of_comms"}, {"role": "senior_leader", "needed": "all"}],
        "Marketing officer, then Senior leader (all of them)",
    ),
    (Choice(COLOURS), "red", "Red"),
    (ChoiceList(COLOURS), ["blue", "red"], "Red and Blue"),
    (ChoiceList(COLOURS, allow_empty=True), [], "None"),
    (Integer(1, 9, "hour"), 1, "1 hour"),
    (Integer(1, 9, "hour"), 2, "2 hours"),
    (Integer(1, 9), 2, "2"),
    (Boolean(), True, "Yes"),
    (Boolean(), False, "No"),
    (Text(), " At the\u00a0office ", "At the office"),
    (DomainList(), ["oakfield.sch.uk", "trust.org"], "oakfield.sch.uk and trust.org"),
    (SiteList(), ["x.com", "facebook.com"], "x.com and facebook.com"),
    (SiteList(), ["all_social_media"], "All social media"),
    (SiteList(), [], "None"),
    (MonthList(), [9, 1, 4], "January, April and September"),
    (Date(), "2026-09-03", "3 September 2026"),
    (Date(), date(2026, 9, 3), "3 September 2026"),
    (DateList(), ["2026-09-04", "2026-09-03"], "3 September 2026 and 4 September 2026"),
    (DateList(), [], "None"),
    (MonthOrDate(), "2024-11", "November 2024"),
    (MonthOrDate(), "2026-09-23", "23 September 2026"),
    (TimeOfDay(), "17:30", "17:30"),
    (Table(COLOURS, Boolean()), {"blue": True, "red": False}, "Red: No; Blue: Yes"),
    (RoleTitles(), {"office": "Front desk"}, "School office: Front desk"),
    (RoleTitles(), {}, "None"),
]


@pytest.mark.parametrize(("kind", "raw", "words"), SAID)
def test_a_value_is_said_in_plain_words(kind, raw, words):
    assert kind.describe(kind.parse(raw), TITLES) == words


def test_every_kind_is_said_in_this_table():
    assert {type(kind) for kind, _, _ in SAID} == set(KINDS.values())


def test_a_role_of_a_setting_is_a_role_of_the_portal():
    (ref,) = RoleList().parse(["it/online_safety"])
    assert (ref.role, ref.post, ref) == (Role.IT, Post.ONLINE_SAFETY, "it/online_safety")
    assert Role.STAFF in RoleList().parse(["staff"])


def test_a_step_knows_its_role_spec():
    assert StepSpec("it", "online_safety").ref == "it/online_safety"
    assert StepSpec("it").ref == RoleRef("it")


def test_a_month_without_a_day_stays_without_one():
    assert MonthOrDate().parse("2024-11") == CalendarDate(2024, 11) != CalendarDate(2024, 11, 1)


def test_titles_of_an_upper_layer_are_added_to_those_below():
    kind = RoleTitles()
    lower, upper = kind.parse({"it": "Technician", "office": "Office"}), kind.parse({"it": "Wizard"})
    assert kind.combine(lower, upper) == {"it": "Wizard", "office": "Office"}


@pytest.mark.parametrize(
    ("role", "post", "title"),
    [
        ("head_of_comms", "", "Marketing officer"),
        ("senior_leader", "elt", "Executive team"),
        ("senior_leader", "", "Senior leader"),
        ("senior_leader", "business_manager", "Business manager"),
        ("headteacher", "deputy", "Deputy Headteacher"),
        ("head_of_comms", "deputy", "Deputy Marketing officer"),
        ("governance", "chair", "Chair"),
    ],
)
def test_a_title_falls_back_to_the_portals_own(role, post, title):
    assert title_of(TITLES, role, post) == title


def roles(barred=()):
    plain = [role for role in Role.values if role not in barred]
    narrowed = [f"{role}/{post}" for role in plain for post in Post.values]
    return st.sampled_from(plain + narrowed)


def sized(kind):
    return 0 if kind.allow_empty else 1


DAYS = st.dates().map(date.isoformat)
HOSTS = st.sampled_from(["oakfield.sch.uk", "Trust.org", "@academy.org.uk", "x.com", "a-b.example"])
WORDS = st.text(
    st.characters(codec="utf-8", exclude_categories=("C", "Zl", "Zp")), min_size=1, max_size=60
).filter(lambda words: words.strip())
STEPS = st.lists(
    st.fixed_dictionaries(
        {"role": st.sampled_from([r for r in Role.values if r not in Chain.barred])},
        optional={"post": st.sampled_from(["", *Post.values]), "needed": st.sampled_from(["any", "all"])},
    ),
    min_size=1,
    max_size=8,
    unique_by=lambda step: (step["role"], step.get("post", "")),
)
ROLE_TITLES = st.dictionaries(roles(), WORDS, max_size=8)
BUILDERS = {
    RoleList: lambda kind: st.lists(roles(kind.barred), unique=True, min_size=sized(kind), max_size=9),
    Chain: lambda kind: STEPS,
    Choice: lambda kind: st.sampled_from([value for value, _ in kind.options]),
    ChoiceList: lambda kind: st.lists(
        st.sampled_from([v for v, _ in kind.options]), min_size=sized(kind), max_size=9
    ),
    Integer: lambda kind: st.integers(kind.least, kind.most),
    Boolean: lambda kind: st.booleans(),
    Text: lambda kind: st.just("desk@provider.example") if kind.email else WORDS,
    DomainList: lambda kind: st.lists(HOSTS, min_size=1, max_size=9),
    SiteList: lambda kind: st.lists(HOSTS | st.just("all_social_media"), max_size=9),
    MonthList: lambda kind: st.lists(st.integers(1, 12), min_size=1, max_size=12),
    Date: lambda kind: DAYS,
    DateList: lambda kind: st.lists(DAYS, max_size=9),
    MonthOrDate: lambda kind: DAYS | DAYS.map(lambda day: day[:7]),
    TimeOfDay: lambda kind: st.times().map(lambda time: time.strftime("%H:%M")),
    Table: lambda kind: st.dictionaries(
        st.sampled_from([row for row, _ in kind.rows]), raw_values(kind.cell), min_size=1
    ),
    RoleTitles: lambda kind: ROLE_TITLES,
}


def raw_values(kind):
    """Raw JSON that the kind takes."""
    return BUILDERS[type(kind)](kind)


SAMPLES = [one.kind for one in SETTINGS.values()] + [Date()]


def keeps(kind, value):
    """A value survives JSON text, and can be said."""
    again = kind.parse(json.loads(json.dumps(kind.to_json(value))))
    assert again == value
    assert kind.to_json(again) == kind.to_json(value)
    assert isinstance(kind.describe(value, {}), str)


@speed(deadline=None, max_examples=600)
@given(st.sampled_from(SAMPLES).flatmap(lambda kind: st.tuples(st.just(kind), raw_values(kind))))
def test_a_value_survives_being_kept_as_json(pair):
    kind, raw = pair
    keeps(kind, kind.parse(raw))


@pytest.mark.parametrize("kind", SAMPLES[-1:] + [kind() for kind in (DateList, SiteList, Chain, RoleTitles)])
def test_round_trip_reaches_each_structured_kind(kind):
    @speed(deadline=None, max_examples=60)
    @given(raw_values(kind))
    def survives(raw):
        keeps(kind, kind.parse(raw))

    survives()


SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=12)
    | st.sampled_from(Role.values)
)
ANY_JSON = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["role", "post", "needed", "staff", "x"]), inner, max_size=3)
    ),
    max_leaves=8,
)


@speed(deadline=None, max_examples=1500)
@given(st.sampled_from(SAMPLES), ANY_JSON)
def test_whatever_is_sent_is_refused_in_words_or_kept_whole(kind, raw):
    try:
        value = kind.parse(raw)
    except ValueError as refusal:
        words = str(refusal)
    else:
        keeps(kind, value)
        words = kind.describe(value, {})
    assert words
