"""What the log and the notices say about declarations. A notice names nobody (subtle 110)."""

from core.audit import register_action
from core.notices import NoticeKind, register_kind

for _action, _sentence in {
    "policies.declaration_made": "declared a link with a pupil or a parent",
    "policies.declaration_noted": "noted a declaration",
    "policies.declaration_ended": "said that what was declared is no longer so",
    "policies.declaration_came_of_age": "the declaration ended after an 18th birthday",
    "policies.declaration_shut": "the time of a declaration was over",
    "policies.declaration_erased": "the words of a declaration were erased",
    "policies.declaration_erasure_put_off": "the words of a declaration stay for now",
    "policies.declaration_meant": "said which colleague a declaration means",
    "policies.declaration_not_meant": "said that a colleague is not meant by a declaration",
    "policies.declaration_held": "keeps a declaration longer",
    "policies.declaration_released": "keeps a declaration no longer than its time",
    "policies.declaration_led_on": "nobody was left to hear it, so the next in the road hears it",
    "policies.departure_led_on": "nobody was left to answer it, so the next in the road answers it",
    "policies.departure_made": "told of a departure from the policy",
    "policies.departure_advice_asked": "asked HR for advice on a departure",
    "policies.departure_advised": "gave HR advice on a departure",
    "policies.departure_answered": "answered a departure from the policy",
    "policies.departure_withdrawn": "withdrew a departure from the policy",
    "policies.departure_shut": "the time of a departure was over",
    "policies.departure_erased": "the words of a departure were erased",
    "policies.departure_erasure_put_off": "the words of a departure stay for now",
    "policies.departure_held": "keeps a departure longer",
    "policies.departure_released": "keeps a departure no longer than its time",
    "policies.name_use_asked": "asked to use the school's name, logo or published material",
    "policies.name_use_withdrawn": "withdrew the request",
    "policies.name_use_granted": "the use was permitted after the final approval",
    "policies.name_use_ended": "ended a permission to use name, logo or published material",
}.items():
    register_action(_action, _sentence)

_PRIVATE = ("policies.declaration", "policies.departure")
"""Kinds about a private matter: their mails stand in no list that IT reads."""

for _name, _title, _text in (
    (
        "policies.declaration_made",
        "A declaration for you to read",
        "A colleague has declared something that you hear of.",
    ),
    (
        "policies.declaration_noted",
        "Your declaration was noted",
        "Something that you declared was noted. There may be advice with it.",
    ),
    (
        "policies.declaration_ended",
        "A declaration has ended",
        "A colleague says that something they declared is no longer so.",
    ),
    (
        "policies.declaration_over",
        "One of your declarations has ended",
        "Something that you declared has ended with a birthday. The rule no longer covers it.",
    ),
    (
        "policies.departure_made",
        "A departure from the policy for you to answer",
        "A colleague tells you of a departure from the policy, with the reasons.",
    ),
    (
        "policies.departure_advice_asked",
        "Your advice is asked",
        "HR advice is asked on a departure from the policy.",
    ),
    (
        "policies.departure_advised",
        "HR has given its advice",
        "HR has advised on a departure from the policy. It waits for your answer.",
    ),
    (
        "policies.departure_answered",
        "Your departure from the policy was answered",
        "There is an answer to a departure from the policy that you told of.",
    ),
    (
        "policies.departure_withdrawn",
        "A departure from the policy was withdrawn",
        "A colleague has withdrawn a departure from the policy. You need not answer it any more.",
    ),
    (
        "policies.name_use_runs_out",
        "A permission of yours runs out in two weeks",
        "Your permission to use the school's name, logo or published material runs out soon. Ask again in time.",
    ),
    (
        "policies.name_use_ended",
        "A permission of yours has ended",
        "Your permission to use the school's name, logo or published material was ended. Stop using it.",
    ),
):
    register_kind(_name, NoticeKind(_title, _text, quiet=_name.startswith(_PRIVATE)))
