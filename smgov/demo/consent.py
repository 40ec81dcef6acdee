"""Image consent in the demo: a school of 400 pupils with every state, and three smaller ones. All invented."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from random import Random

from django.core.files.base import ContentFile
from django.utils import timezone

from consent.ledger import Use
from consent.models import (
    Basis,
    Channel,
    Contact,
    Medium,
    OtherPerson,
    PostSearch,
    Pupil,
    PupilImport,
    Purpose,
    Reply,
    Responsibility,
    Round,
    Route,
    Tie,
)
from consent.services.assessments import assessment_record
from consent.services.checks import Question, check_keep
from consent.services.flags import flag_lift, flag_set
from consent.services.imports import import_accept, import_send
from consent.services.imports_work import import_run
from consent.services.others import other_add, other_add_self, other_end
from consent.services.purposes import Asked, purpose_add, purpose_reword, purposes_start
from consent.services.replies import Said, reply_add
from consent.services.rounds import round_close, round_open, round_remind
from consent.services.searches import search_done
from consent.services.settling import reply_settle
from core.clock import LONDON
from core.models import Platform
from people.models import PendingChange, School
from people.selectors import profile_of
from people.services.changes import change_decide
from people.services.settings import profile_for, setting_change
from smgov.demo.clock import Scene
from smgov.demo.people import Cast
from smgov.demo.pupils import Child, as_csv, school_roll
from smgov.demo.schools import PLACES


@dataclass
class Roll:
    """A school with its pupils, and who does what there."""

    key: str
    count: int
    years: range
    keeper: str
    office: str
    children: list[Child] = field(default_factory=list)

    def school(self, cast: Cast) -> School:
        """The school itself."""
        return cast.schools[self.key]


CHOSEN = {"consent_keeper": ["dpo"], "retention_image_consent": 2, "retention_raw_imports": 30}
"""What every policy but one leaves open about consent."""
MILLBROOK = Roll("millbrook", 400, range(7, 14), "Tomasz Wójcik", "Roisin O'Hanlon")
OTHERS = (
    Roll("stcedds", 60, range(1, 7), "Alasdair Buchan", "Phyllis Entwistle"),
    Roll("thornwick", 60, range(7, 12), "Emeka Obi", "Bernadette Fairweather"),
    Roll("lanterns", 24, range(7, 12), "Lachlan Moir", "Noreen Akhtar"),
)


def scenes(cast: Cast) -> Iterator[Scene]:
    """From the settings to what waits today."""
    for roll in (MILLBROOK, *OTHERS):
        yield Scene(112, 9, partial(_settings, roll, cast))
        yield Scene(110, 10, partial(_import, roll, cast))
        yield Scene(109, 10, partial(_purposes, roll, cast))
        # Where consent ends with the school year it is asked for anew, so those answers are young.
        yield Scene(12 if roll.key == "stcedds" else 100, 11, partial(_answers, roll, cast))
    yield Scene(14, 9, partial(_round, OTHERS[0], cast))
    yield Scene(108, 9, partial(_round, MILLBROOK, cast))
    yield Scene(101, 9, partial(_remind, MILLBROOK, cast))
    yield Scene(60, 9, partial(_close, MILLBROOK, cast))
    yield Scene(55, 10, partial(_changes, cast))
    yield Scene(50, 10, partial(_eighteen, cast))
    yield Scene(45, 14, partial(_others_say_no, cast))
    yield Scene(40, 11, partial(_flags, cast))
    yield Scene(30, 13, partial(_look_for_posts, cast))
    yield Scene(20, 15, partial(_checks, cast))
    yield Scene(9, 9, partial(_still_open, cast))
    yield Scene(1, 8, partial(_next_file, cast))


def _settings(roll: Roll, cast: Cast) -> None:
    """What every policy leaves open about consent."""
    place = PLACES[roll.key]
    giver, leader, school = cast.who(place.giver), cast.who(place.leader), roll.school(cast)
    for setting in profile_of(school).open_settings("consent"):
        asked = setting_change(
            actor=giver, profile=profile_for(school), key=setting.key, raw=CHOSEN[setting.key]
        )
        if isinstance(asked, PendingChange):
            change_decide(actor=leader, change=asked, confirm=True)


def _import(roll: Roll, cast: Cast) -> None:
    """The roll as the school's information system knows it."""
    today = datetime.now(LONDON).date()  # the real day: the roll is that of this school year
    roll.children = school_roll(roll.key, roll.count, roll.years, today)
    roll.children[5].preferred = "Bo"
    _take_in(roll, cast, as_csv(roll.children))


def _take_in(roll: Roll, cast: Cast, data: bytes, *, accept: bool = True) -> PupilImport:
    office = cast.who(roll.office)
    upload = ContentFile(data, name=f"{roll.key}-pupils.csv")
    load = import_send(
        actor=office, school=roll.school(cast), once=uuid.uuid4(), upload=upload, whole_school=True
    )
    load = import_run(load)
    if accept:
        load = import_run(import_accept(actor=office, load=load, missing="leaver"))
    return load


def _purposes(roll: Roll, cast: Cast) -> None:
    """What the profile gives, and at the two larger schools some more."""
    keeper, school = cast.who(roll.keeper), roll.school(cast)
    purposes_start(actor=keeper, school=school)
    if roll is MILLBROOK:
        instagram = Platform.objects.get(slug="instagram")
        for asked in (
            Asked(Medium.IMAGE, Channel.PLATFORM, instagram, group_only=True, no_first_name=True),
            Asked(Medium.IMAGE, Channel.WEBSITE),
            Asked(Medium.IMAGE, Channel.PRESS),
            Asked(Medium.WORK, Channel.NEWSLETTER, basis=Basis.PUBLIC_TASK),
        ):
            purpose_add(actor=keeper, school=school, asked=asked)
    if roll.key == "stcedds":
        first = Purpose.objects.filter(school=school).first()
        text = first.wordings.first().text.replace("May we use", "Are you happy for us to use")
        purpose_reword(actor=keeper, purpose=first, text=text, number=1)


def _round(roll: Roll, cast: Cast) -> None:
    """Everybody is asked."""
    round_open(
        actor=cast.who(roll.office),
        school=roll.school(cast),
        title="Welcome to the new year",
        answer_by=timezone.localdate() + timedelta(days=28),
        remind_every=7,
        once=uuid.uuid4(),
    )


def _remind(roll: Roll, cast: Cast) -> None:
    row = Round.objects.get(school=roll.school(cast), closed_at=None)
    round_remind(actor=cast.who(roll.office), round=row)


def _close(roll: Roll, cast: Cast) -> None:
    row = Round.objects.filter(school=roll.school(cast), closed_at=None).first()
    if row is not None:
        round_close(actor=cast.who(roll.office), round=row)


def _say(
    pupil: Pupil, contact: Contact | None, answers: dict[int, bool], actor=None, route=Route.LINK, words=""
) -> Reply:
    said = Said(pupil, answers, contact, words=words)
    return reply_add(said=said, once=uuid.uuid4(), route=route, received_at=timezone.now(), actor=actor)


def _answers(roll: Roll, cast: Cast) -> None:
    """Most agree, some in part, some refuse, some differ, some have not answered."""
    dice = Random(f"answers of {roll.key}")
    school, office = roll.school(cast), cast.who(roll.office)
    purposes = list(Purpose.objects.filter(school=school, retired_at=None).values_list("pk", flat=True))
    today = timezone.localdate()
    ties: dict[int, list[Tie]] = {}
    for tie in Tie.objects.filter(pupil__school=school).select_related("contact").order_by("pk"):
        ties.setdefault(tie.pupil_id, []).append(tie)
    young = Pupil.objects.filter(school=school, born__gt=today.replace(year=today.year - 18))
    for pupil in young.select_related("school").order_by("pk"):
        first, *more = ties[pupil.pk]
        lot = dice.randrange(20)
        if lot < 3:
            continue
        if lot < 15:
            answers = dict.fromkeys(purposes, True)
        elif lot < 18:
            answers = {pk: dice.random() < 0.6 for pk in purposes}
        else:
            answers = dict.fromkeys(purposes, False)
        keyed = {} if first.contact.email else {"actor": office, "route": Route.PAPER}
        _say(pupil, first.contact, answers, **keyed)
        second = more[0] if more and dice.randrange(8) == 0 else None
        if second is not None:
            _say(pupil, second.contact, dict.fromkeys(purposes, dice.random() < 0.5))


def _yes_pupils(cast: Cast, count: int, *, start: int = 0) -> list[tuple[Pupil, Contact]]:
    """Pupils at Millbrook whose first contact has said yes to everything by link."""
    rows = Reply.objects.filter(school=MILLBROOK.school(cast), route=Route.LINK, weight="counts")
    rows = rows.exclude(answers__allows=False).select_related("pupil__school", "contact").order_by("pk")
    seen: dict[int, tuple[Pupil, Contact]] = {}
    for row in rows:
        seen.setdefault(row.pupil_id, (row.pupil, row.contact))
    return list(seen.values())[start : start + count]


def _changes(cast: Cast) -> None:
    """Withdrawals in whole and in part, a call that is only noted, and the checks of the office."""
    office = cast.who(MILLBROOK.office)
    school = MILLBROOK.school(cast)
    purposes = list(Purpose.objects.filter(school=school, retired_at=None).values_list("pk", flat=True))
    for n, (pupil, contact) in enumerate(_yes_pupils(cast, 9)):
        if n < 5:
            _say(pupil, contact, dict.fromkeys(purposes, False), words="We have moved house. Please stop.")
        elif n < 7:
            _say(pupil, contact, {pk: pk != purposes[1] for pk in purposes})
        elif n == 7:
            _say(pupil, contact, dict.fromkeys(purposes, False), office, Route.TELEPHONE, "Rang; will write.")
        else:
            _say(pupil, None, dict.fromkeys(purposes[:2], False), office, Route.LETTER)
    waiting = Reply.objects.filter(school=school, weight="to_check").order_by("pk")
    for reply, holds in zip(waiting[:2], (True, False), strict=False):
        reply_settle(actor=office, reply=reply, holds=holds, words="Seen on the admission form.")


def _eighteen(cast: Cast) -> None:
    """Of the eldest, one understands and answers, one understands and has not answered, one does not."""
    today, school = timezone.localdate(), MILLBROOK.school(cast)
    eldest = list(Pupil.objects.filter(school=school).select_related("school").order_by("born", "pk")[:4])
    for n, pupil in enumerate(eldest[:3]):
        pupil.email = f"{pupil.first_name.lower()}{n}@pupils.example"
        pupil.save(update_fields=["email"])
        assessment_record(
            actor=cast.who("Amandeep Kaur Gill"),
            pupil=pupil,
            competent=n < 2,
            assessed_on=today,
            words="Spoken to with the head of sixth form. The questions were read out and explained.",
        )
    purposes = Purpose.objects.filter(school=school, retired_at=None).values_list("pk", flat=True)
    if eldest[0].born <= today.replace(year=today.year - 18):
        _say(eldest[0], None, {pk: n % 2 == 0 for n, pk in enumerate(purposes)})


def _others_say_no(cast: Cast) -> None:
    """A colleague, a visitor, a mother; and one who changed her mind."""
    for key, office in (("millbrook", MILLBROOK.office), ("thornwick", "Bernadette Fairweather")):
        school, clerk = cast.schools[key], cast.who(office)
        for who, name, description in (
            ("visitor", "Perpetua Lindgren", "Reads with year 7 on Thursdays, red glasses"),
            ("parent", "Marguerite Sowande-Hale", "Helps at the school fair"),
            ("other", "Barnaby Quill", "Drives the minibus"),
        ):
            other_add(
                actor=clerk,
                school=school,
                once=uuid.uuid4(),
                who=who,
                name=name,
                description=description,
                route=Route.IN_PERSON,
                asked_on=timezone.localdate(),
            )
        other_end(actor=clerk, other=OtherPerson.objects.get(school=school, name="Barnaby Quill"))
    other_add_self(actor=cast.who("Ewa Zielińska"), school=cast.schools["millbrook"], once=uuid.uuid4())


def _flags(cast: Cast) -> None:
    """Two pupils who must never be shown, and one who may be again."""
    dsl = cast.who("Amandeep Kaur Gill")
    for n, (pupil, _) in enumerate(_yes_pupils(cast, 3, start=40)):
        flag = flag_set(actor=dsl, pupil=pupil, reason="Agreed with the family and children's services.")
        if n == 2:
            flag_lift(actor=dsl, flag=flag, reason="The reason has ended.")


def _look_for_posts(cast: Cast) -> None:
    """Some searches are done, each with another end; the rest wait."""
    comms = cast.who("Saoirse O'Malley")
    school = cast.schools["millbrook"]
    rows = PostSearch.objects.filter(school=school, done_at=None).order_by("pk")[:4]
    ends = (
        ("none", ""),
        ("removed", "Two posts of the sports day deleted on both accounts."),
        ("partly", "One removed. The local paper's page is not ours: they were asked by e-mail."),
        ("kept", "A printed prospectus of last year cannot be called back. It is not printed again."),
    )
    for row, (outcome, words) in zip(rows, ends, strict=False):
        search_done(actor=comms, search=row, outcome=outcome, words=words)


def _checks(cast: Cast) -> None:
    """Checks that were kept before pictures were posted."""
    school = cast.schools["millbrook"]
    classes = list(
        Pupil.objects.filter(school=school)
        .order_by("class_name")
        .values_list("class_name", flat=True)
        .distinct()
    )
    for teacher, what, group in (
        ("François Lefèvre", "Geography field trip to the estuary", classes[0]),
        ("Nia Blackwood", "School play, dress rehearsal", classes[2]),
    ):
        check_keep(
            actor=cast.who(teacher),
            school=school,
            question=Question(use=Use(Medium.IMAGE, Channel.SCHOOL, in_group=True), classes=(group,)),
            what=what,
            once=uuid.uuid4(),
        )


def _still_open(cast: Cast) -> None:
    """Answers that wait to be checked."""
    school = cast.schools["millbrook"]
    purposes = Purpose.objects.filter(school=school, retired_at=None).values_list("pk", flat=True)
    unknown = Tie.objects.filter(pupil__school=school, responsibility=Responsibility.UNKNOWN)
    for n, tie in enumerate(unknown.select_related("pupil__school", "contact").order_by("pk")[4:7]):
        _say(tie.pupil, tie.contact, dict.fromkeys(purposes, n != 1))


def _next_file(cast: Cast) -> None:
    """The next export: two have left, a twin is new, one moved class, and one who came back has new numbers."""
    roll = MILLBROOK
    children = [
        child
        for child in roll.children
        if child.number not in (roll.children[30].number, roll.children[31].number)
    ]
    children[0].form = "7A" if children[0].form == "7B" else "7B"
    twin, returner = children[10], children[12]
    fresh = {"year": twin.year, "form": twin.form, "born": twin.born, "joined": timezone.localdate()}
    children.append(
        Child("K990000000401", "MIL09001", twin.first + "e", twin.last, parents=twin.parents, **fresh)
    )
    children[12] = replace(returner, upn="K990000000402", number="MIL09002")
    _take_in(roll, cast, as_csv(children), accept=False)
