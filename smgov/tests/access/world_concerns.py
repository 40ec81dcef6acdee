"""What the world holds about concerns: cases at every stage, their words planted where somebody could have typed."""

import io
import re
import uuid
from datetime import timedelta
from typing import Any

from django.utils import timezone
from PIL import Image

from core.roles import Role
from core.uploads import original_file
from incidents.abuse.services import Done, Seen, abuse_log, act_add, entry_close
from incidents.concerns.services.chronology import concern_read, note_add
from incidents.concerns.services.evidence import evidence_add_file
from incidents.concerns.services.outcomes import case_close
from incidents.concerns.services.people import part_add
from incidents.concerns.services.referrals import referral_add
from incidents.concerns.services.sending import Somebody, Told, concern_send, let_in
from incidents.concerns.services.special import breach_decide
from incidents.models import Action, Category, Concern, DutyCover, Excluded, PartIn, Right, Share, Sort
from smgov.testing import choose

CHOSEN: dict[str, Any] = {
    "misuse_recipient": ["headteacher"],
    "staff_concern_recipient": ["headteacher"],
    "head_concern_recipient": ["hr"],
    "indecent_image_pupil_route": "dsl_decides",
    "police_discretion": ["dsl"],
    "public_reports": True,
    "lado_hold": True,
}


READERS = {
    "concern": Role.DSL,
    "concern_linked": Role.DSL,
    "concern_closed": Role.DSL,
    "concern_kept": Role.DSL,
    "concern_image": Role.DSL,
    "concern_unread": None,
    "concern_breach": Role.HEADTEACHER,
    "concern_breach_new": Role.HEADTEACHER,
    "concern_breach_decided": Role.HEADTEACHER,
    "concern_complaint": Role.HEADTEACHER,
    "concern_data": Role.DPO,
}
"""Who has opened each case."""


def concern_things(world: Any) -> None:
    """Nobody's own name is in them: a name of a colleague would take another road."""
    things, school, say = world.things, world.school, world.say
    choose(school.trust.profile, **CHOSEN, lado_contact=say("LADO"), last_resort_contact=say("the trustees"))
    for name, told in _told(say).items():
        things[name] = _sent(world, **told)
        reader = READERS[name] and world.people[READERS[name]]
        if reader:
            concern_read(actor=reader, concern=things[name])
            things[name].refresh_from_db()
    _worked_on(world)
    _let_in(world)
    _ended(world)
    _abuse(world)
    dsl, today = world.people[Role.DSL], timezone.localdate()
    things["duty"] = DutyCover.objects.create(
        school=school,
        user=dsl,
        starts=today + timedelta(days=20),
        ends=today + timedelta(days=30),
        set_by=dsl,
    )


def _worked_on(world: Any) -> None:
    """The case about a pupil: a line, a further person, an action, referrals, a picture."""
    say, things, dsl = world.say, world.things, world.people[Role.DSL]
    concern, ago = things["concern"], timezone.now() - timedelta(minutes=30)
    things["entry"] = note_add(actor=dsl, concern=concern, text=say("a note"))
    for name, part in (("concern_part", PartIn.WITNESS), ("concern_adult", PartIn.VICTIM)):
        words = without_address(f"Neighbour {say('a neighbour')}")[:150]
        sort = Sort.OTHER if part == PartIn.WITNESS else Sort.PARENT
        things[name] = part_add(actor=dsl, concern=concern, somebody=Somebody(part, sort, words))
    things["action"] = Action.objects.create(
        concern=concern, text=say("call home")[:500], due_at=timezone.now() + timedelta(days=1), by=dsl
    )
    made = {"made_at": ago, "made_by": say("a colleague")[:150], "reference": say("ref")[:80]}
    things["referral_made"] = referral_add(actor=dsl, concern=concern, body="lado", holds=True, **made)
    things["referral_open"] = referral_add(
        actor=dsl, concern=concern, body="mash", not_made_because=say("no answer")[:300]
    )
    picture = io.BytesIO()
    Image.new("RGB", (8, 8), "teal").save(picture, "PNG")
    things["evidence"] = evidence_add_file(
        actor=dsl,
        concern=concern,
        upload=original_file(picture.getvalue(), "screen.png"),
        place=say("a chat")[:500],
        captured_at=ago,
        captured_by=say("a friend")[:150],
        title=say("the screen")[:200],
    )


def _let_in(world: Any) -> None:
    """A colleague let in by name, and one who is kept out because of a name; neither is an actor of the table."""
    things, dsl = world.things, world.people[Role.DSL]
    concern = things["concern"]
    things["concern_share"] = let_in(
        concern,
        things["second"],
        Right.READ,
        Share.Why.SHARED,
        by=dsl,
        until=timezone.now() + timedelta(days=9),
        reason=world.say("form tutor")[:300],
    )
    things["concern_kept_out"] = things["membership"].user
    Excluded.objects.get_or_create(  # the words may happen to name them already
        concern=concern,
        user=things["concern_kept_out"],
        because=Excluded.Because.WORDS,
        defaults={"by": dsl},
    )


def _ended(world: Any) -> None:
    """Cases that are closed, one of them past its time, and a breach that is to be reported."""
    say, things, dsl = world.say, world.things, world.people[Role.DSL]
    for name in ("concern_closed", "concern_kept"):
        case_close(
            actor=dsl,
            concern=things[name],
            outcome="resolved",
            reasons=say("settled"),
            refresh_training=False,
        )
    Concern.objects.filter(pk=things["concern_kept"].pk).update(
        keep_until=timezone.localdate() - timedelta(days=3)
    )
    breach_decide(
        actor=world.people[Role.HEADTEACHER],
        concern=things["concern_breach_decided"],
        report_it=True,
        reasons=say("names of children"),
        people_told=True,
    )


def _abuse(world: Any) -> None:
    """An entry that is open, and one with which all is done."""
    say, owner, keeper = world.say, world.owner, world.people[Role.HEAD_OF_COMMS]
    for name in ("abuse", "abuse_done"):
        seen = Seen(
            timezone.now(),
            say("author")[:150],
            say(f"insult {name}"),
            "offensive",
            "school",
            elsewhere=say("a group")[:300],
        )
        entry = abuse_log(actor=owner, school=world.school, once=uuid.uuid4(), seen=seen)
        act_add(actor=keeper, entry=entry, done=Done("hidden", note=say("what was done")[:300]))
        world.things[name] = entry
    entry_close(actor=keeper, entry=world.things["abuse_done"])


def _told(say: Any) -> dict[str, dict[str, Any]]:
    pupil = Somebody(PartIn.VICTIM, Sort.PUPIL, without_address(f"Kit {say('pupil')}")[:150])
    doer = Somebody(PartIn.SUBJECT, Sort.PUPIL, without_address(f"Max {say('another')}")[:150])
    texts = {key: say(key) for key in ("what", "child_said", "done", "wishes")}
    places = {"happened_when": say("at night")[:150], "happened_where": say("in a chat")[:300]}
    about_pupil = {"category": Category.CYBERBULLYING, "people": (pupil, doer), **texts, **places}
    nobody = {"people": (), **texts}
    breach = {**nobody, "category": Category.DATA_BREACH}
    aware_at = timezone.now() - timedelta(hours=3)
    return {
        **dict.fromkeys(
            ("concern", "concern_linked", "concern_unread", "concern_closed", "concern_kept"), about_pupil
        ),
        "concern_image": {
            "category": Category.IMAGERY,
            "people": (pupil,),
            "image": True,
            "police_not_called": without_address(f"Later: {say('the DSL decides')}")[:300],
        },
        "concern_breach": {**breach, "aware_at": aware_at},
        "concern_breach_new": breach,
        "concern_breach_decided": {**breach, "aware_at": aware_at},
        "concern_complaint": {**nobody, "category": Category.POLICY_COMPLAINT},
        "concern_data": {**nobody, "category": Category.DATA_COMPLAINT},
    }


def _sent(world: Any, **told: Any) -> Concern:
    return concern_send(actor=world.owner, school=world.school, once=uuid.uuid4(), told=Told(**told))


def without_address(text: str) -> str:
    """The same text without what makes an address of it."""
    return re.sub(r"://|www|\.|\d", " ", text)
