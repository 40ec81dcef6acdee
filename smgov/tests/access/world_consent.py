"""What the world holds about consent: one of everything, its words planted where somebody could have typed."""

import uuid
from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from consent.ledger import Use
from consent.models import Ask, PostSearch, Reply, Scan
from consent.services.checks import Question, check_keep
from consent.services.flags import flag_set
from consent.services.imports import import_send
from consent.services.imports_work import import_run
from consent.services.links import link_for
from consent.services.others import other_add
from consent.services.reviews import numbers_hash, review_sign
from consent.services.rounds import round_open
from consent.staleness import numbers_of
from consent.terms import terms_of
from core.roles import Role
from core.uploads import PDF, CleanFile, store
from people.models import User
from people.selectors import profile_of
from smgov.testing_consent import a_contact, a_pupil, ask_about, consent_chosen, says


def consent_things(world: Any) -> None:
    """A class with two pupils, their contacts, answers of every kind, and what follows from them."""
    school, say, things = world.school, world.say, world.things
    consent_chosen(school)
    purposes = ask_about(school, world.people[Role.DPO])
    things["purpose"] = purposes[0]
    things["pupil"] = a_pupil(school, first(say("Pupil")), class_name=say("5A")[:40])
    things["sibling"] = a_pupil(school, first(say("Sibling")), class_name=say("3B")[:40])
    things["contact"] = a_contact(
        things["pupil"], things["sibling"], name=say("Mother"), relationship=say("mother")[:60]
    )
    stranger = a_contact(things["pupil"], name=say("Uncle"), responsibility="unknown")
    office = world.people[Role.OFFICE]
    says(things["pupil"], True, things["contact"], actor=office, words=say("by letter"))
    things["reply_to_check"] = says(things["pupil"], True, stranger, actor=office)
    says(things["pupil"], False, things["contact"], actor=office, words=say("changed my mind"))
    things["search"] = PostSearch.objects.get(pupil=things["pupil"])
    things["check"] = check_keep(
        actor=world.owner,
        school=school,
        question=Question(
            Use("image", "school", in_group=True), (things["pupil"].class_name,), names=say("Nobody")
        ),
        what=say("Sports day"),
        once=uuid.uuid4(),
    )
    things["other"] = other_add(
        actor=office,
        school=school,
        once=uuid.uuid4(),
        who="visitor",
        name=say("Visitor"),
        description=say("runs the stall"),
        route="in_person",
        asked_on=timezone.localdate(),
    )
    _kept(world)
    _linked(world)
    _asked(world)
    things["scan"] = a_scan(says(things["sibling"], True, things["contact"], actor=office), office)


def _kept(world: Any) -> None:
    """A flag, a former pupil, and a review of the register."""
    school, say, things = world.school, world.say, world.things
    flagged = a_pupil(school, first(say("Flagged")), class_name=say("4C")[:40])
    things["flag"] = flag_set(actor=world.people[Role.DSL], pupil=flagged, reason=say("a secret reason"))
    things["former"] = a_pupil(
        school, first(say("Former")), leaves_on=timezone.localdate() - timedelta(days=40)
    )
    numbers = numbers_of(school, terms_of(profile_of(school)), timezone.localdate())
    dpo = world.people[Role.DPO]
    things["review"] = review_sign(
        actor=dpo, school=school, typed_name=dpo.full_name, figures_hash=numbers_hash(school, numbers)
    )


def _linked(world: Any) -> None:
    """The links of a contact and of an adult pupil, and an answer that came through one."""
    school, say, things = world.school, world.say, world.things
    born = timezone.localdate() - timedelta(days=19 * 366)
    things["grown"] = a_pupil(
        school, first(say("Grown")), class_name=say("13C")[:40], born=born, email="grown@families.example"
    )
    things["reply_by_link"] = says(things["sibling"], True, things["contact"], route="link")
    things["answer_link"] = link_for(contact=things["contact"])
    things["grown_link"] = link_for(pupil=things["grown"])
    things["import"] = _an_import(school, world.people[Role.OFFICE], things["pupil"], say)


def _an_import(school: Any, office: Any, pupil: Any, say: Any) -> Any:
    """A file under review: one new pupil, one who may be another's twin, the others missing."""
    rows = (
        "UPN,Legal Surname,Legal Forename,DOB,Reg Group,Contact Name",
        f'B000000000001,"{say("New")[:90]}","{say("Import")[:90]}",06/06/2016,"{say("6A")[:40]}","{say("Aunt")[:90]}"',
        f'B000000000002,"{pupil.last_name}",Twin,{pupil.born.isoformat()},,',
    )
    load = import_send(
        actor=office,
        school=school,
        once=uuid.uuid4(),
        upload=SimpleUploadedFile(f"{say('list')[:60]}.csv", "\n".join(rows).encode()),
        whole_school=True,
    )
    return import_run(load)


def _asked(world: Any) -> None:
    """A round that asked the grown pupil, some days ago."""
    things = world.things
    things["round"] = round_open(
        actor=world.people[Role.DPO],
        school=world.school,
        title=world.say("Autumn")[:80],
        answer_by=timezone.localdate(),
        remind_every=0,
        once=uuid.uuid4(),
    )
    Ask.objects.filter(round=things["round"]).update(written_at=timezone.now() - timedelta(days=9))


def first(words: str) -> str:
    """As a first name and a last name, both planted."""
    return f"{words[:45]} {words[:45]}"


def a_scan(reply: Reply, by: User) -> Scan:
    """The paper behind an answer."""
    scan = Scan(reply=reply, media_type=PDF, size=16, sha256="0" * 64, by=by)
    store(scan.file, CleanFile(b"%PDF-1.4 %%EOF", PDF))
    scan.save()
    return scan
