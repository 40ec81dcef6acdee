"""The links with which parents and adult pupils answer without an account.

The secret of a link is worked out from a key that is not in the database, from the link's id and from the
e-mail address that it went to; the database holds its hash. So the mail sweep makes the address again when
it sends, a stolen database opens nothing, and a link ends when the e-mail address changes.
"""

import hashlib
import re
import uuid
from base64 import urlsafe_b64encode
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac

from consent.access import contact_rules, pupil_rules
from consent.ages import is_adult
from consent.asking import MAY_ANSWER
from consent.ledger import PupilFacts
from consent.models import (
    AnswerLink,
    Contact,
    LinkAsked,
    Pupil,
    Reply,
    Standing,
    Weight,
)
from consent.selectors import facts_of, here
from consent.terms import Terms, terms_of
from core.audit import audited, record, subject_key
from core.errors import Refused
from core.models import Notice
from core.notices import notify_outside
from core.sweeps import sweep_due
from people.models import School, User
from people.selectors import profile_of

SALT = "consent.answer_link"
TOKEN = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)
LIFETIME = timedelta(days=400)
RENEW = timedelta(days=60)
"""A link that ends sooner than this is not sent again: a new one is."""
AGAIN = timedelta(hours=1)
SENT, CONFIRMED = "consent.link", "consent.confirmed"
MOST_OF_ONE_ADDRESS = 20
"""Contacts of one e-mail address who are written to at once: more is no family but a placeholder."""


def person_of(link: AnswerLink) -> Contact | Pupil:
    """The contact, or the adult pupil, whom a link is bound to."""
    return link.contact or link.pupil


def address_of(link: AnswerLink) -> str:
    """The e-mail address to which a link belongs, as it is compared; empty where there is none."""
    return person_of(link).email.strip().lower()


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _tokens(link: AnswerLink) -> Iterator[str]:
    """The secret under the present key, then under earlier ones that are still accepted."""
    for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        made = salted_hmac(SALT, f"{link.uuid}:{address_of(link)}", secret=key, algorithm="sha256")
        yield urlsafe_b64encode(made.digest()).rstrip(b"=").decode()


def token_of(link: AnswerLink) -> str:
    """The secret part of the address; empty when the e-mail address or the key has changed since."""
    return next((token for token in _tokens(link) if _hash(token) == link.hash), "")


def url_of(link: AnswerLink) -> str:
    """The whole address, for a mail and for nothing else."""
    return settings.SITE_URL + reverse("consent:answer-overview", args=[token_of(link)])


def link_by_token(token: str) -> AnswerLink | None:
    """The link in force behind a token; None for one that is wrong, stopped, late or over."""
    if not TOKEN.fullmatch(token):
        return None
    rows = AnswerLink.objects.select_related("contact__school", "pupil__school")
    link = rows.filter(hash=_hash(token)).first()
    return link if link and in_force(link) else None


def in_force(link: AnswerLink) -> bool:
    """Whether a link works: not stopped, not late, sent to the present e-mail address, and with a pupil."""
    return bool(reached_by(link))


def reached_by(link: AnswerLink) -> list[Pupil]:
    """The pupils whom a link opens now; none where it does not work."""
    if link.revoked_at or link.expires_at <= timezone.now() or not token_of(link):
        return []
    return children_of(link)


def speaks_alone(facts: PupilFacts, terms: Terms, day: date) -> bool:
    """Whether a pupil is 18 and answers for themselves (CIT-7.05, CIT-7.06)."""
    return terms.at_18 and is_adult(facts.born, day) and facts.competent is not False


def children_of(link: AnswerLink) -> list[Pupil]:
    """The pupils for whom the person may answer now: those at the school, in the order of their names.

    A contact answers for nobody who is 18 and decides alone, nor where it is on record that they hold no
    parental responsibility (CIT-7.07, STM-7.06). A pupil answers only for themselves.
    """
    person = person_of(link)
    if person.erased_at or not address_of(link):
        return []
    day = timezone.localdate()
    terms = terms_of(profile_of(person.school))
    rows = Pupil.objects.filter(here(day), school=person.school).select_related("school")
    if link.contact_id is None:
        rows = rows.filter(pk=link.pupil_id)
    else:
        rows = rows.filter(ties__contact=person, ties__active=True, ties__responsibility__in=MAY_ANSWER)
    facts = facts_of(rows)
    alone = link.contact_id is None
    return [one for one in rows if speaks_alone(facts[one.pk], terms, day) == alone]


def can_answer(*, contact: Contact | None = None, pupil: Pupil | None = None) -> bool:
    """Whether a link would open anything to this contact, or to this adult pupil."""
    return bool(children_of(AnswerLink(contact=contact, pupil=pupil)))


def link_for(*, contact: Contact | None = None, pupil: Pupil | None = None) -> AnswerLink:
    """The link of a contact or an adult pupil: the one in use, or a new one when that ends soon.

    Inside the transaction of whatever sends it. Ask `can_answer` first.
    """
    if contact is not None:
        return links_for(contacts=[contact])[contact.pk]
    return links_for(pupils=[pupil])[pupil.pk]


def links_for(*, contacts: Sequence[Contact] = (), pupils: Sequence[Pupil] = ()) -> dict[int, AnswerLink]:
    """As `link_for` for many contacts, or for many pupils, by their ids, in two queries."""
    bound = "contact" if contacts else "pupil"
    people = {one.pk: one for one in contacts or pupils}
    rows = AnswerLink.objects.filter(**{f"{bound}__in": people}, revoked_at=None)
    found: dict[int, AnswerLink] = {}
    for link in rows.filter(expires_at__gt=timezone.now() + RENEW).order_by("expires_at", "pk"):
        key = getattr(link, f"{bound}_id")
        setattr(link, bound, people[key])
        if token_of(link):
            found[key] = link
    new = [_new(**{bound: one}) for key, one in people.items() if key not in found]
    AnswerLink.objects.bulk_create(new, batch_size=500)
    return found | {getattr(link, f"{bound}_id"): link for link in new}


def _new(*, contact: Contact | None = None, pupil: Pupil | None = None) -> AnswerLink:
    link = AnswerLink(uuid=uuid.uuid4(), contact=contact, pupil=pupil, expires_at=timezone.now() + LIFETIME)
    link.hash = _hash(next(_tokens(link)))
    return link


# Mails


def link_of_notice(notice: Notice) -> AnswerLink | None:
    """The link that a mail is about."""
    return _link(notice.subject.partition(":")[2])


def _link(key: str) -> AnswerLink | None:
    return AnswerLink.objects.select_related("contact__school", "pupil__school").filter(pk=key).first()


def own_link(notice: Notice) -> str:
    """The address in a mail, made when it is sent."""
    link = link_of_notice(notice)
    return url_of(link) if link else ""


def may_receive(user: User | None, key: str) -> bool:
    """Asked again when a mail is sent. Nobody finds it in the portal."""
    link = _link(key)
    return user is None and link is not None and in_force(link)


def link_write(*, contact: Contact | None = None, pupil: Pupil | None = None) -> bool:
    """Write a mail with the link, but not twice within an hour. Returns whether one was written.

    Inside the transaction of whatever asks for it.
    """
    link = link_for(contact=contact, pupil=pupil)
    now = timezone.now()
    lately = Notice.objects.filter(kind=SENT, subject=subject_key(link), created_at__gt=now - AGAIN)
    if lately.exists():
        return False
    notify_outside(SENT, address=address_of(link), about=link, key=f"{link.pk}:{now.isoformat()}")
    return True


def confirm(reply: Reply) -> None:
    """Confirm an answer by e-mail to whoever gave it, where they have a link. Inside its transaction.

    A call that is only noted is not confirmed: it does not count before it comes in writing (CIT-7.10).
    """
    if reply.weight == Weight.NOTED:
        return
    contact = reply.contact
    pupil = reply.pupil if contact is None and reply.standing == Standing.ADULT else None
    if (contact or pupil) and can_answer(contact=contact, pupil=pupil):
        link = link_for(contact=contact, pupil=pupil)
        notify_outside(CONFIRMED, address=address_of(link), about=link, key=f"reply:{reply.pk}")


# The office


def _require(actor: User, contact: Contact | None, pupil: Pupil | None) -> None:
    if contact is not None:
        contact_rules.require(actor, "record", contact)
    else:
        pupil_rules.require(actor, "record", pupil)


def link_send(*, actor: User, contact: Contact | None = None, pupil: Pupil | None = None) -> None:
    """Send the link to one contact or adult pupil by hand.

    Raises PermissionDenied, and Refused where there is no address, nothing to answer, or a mail went out
    within the last hour.
    """
    _require(actor, contact, pupil)
    person = contact or pupil
    if not person.email:
        raise Refused("There is no e-mail address of this person. Print a paper form instead.")
    if not can_answer(contact=contact, pupil=pupil):
        raise Refused("This person answers for no pupil who is at the school, so there is nothing to send.")
    with audited():
        type(person).objects.select_for_update(of=("self",)).get(pk=person.pk)
        if not link_write(contact=contact, pupil=pupil):
            raise Refused("The link was sent within the last hour. Wait an hour before you send it again.")
        record("consent.link_sent", actor=actor, school=person.school, subject=person)


def link_revoke(*, actor: User, contact: Contact | None = None, pupil: Pupil | None = None) -> int:
    """Stop every link of one contact or adult pupil at once. Returns how many; Refused when there is none."""
    _require(actor, contact, pupil)
    person = contact or pupil
    with audited():
        stopped = open_links(contact=contact, pupil=pupil).update(revoked_at=timezone.now())
        if not stopped:
            raise Refused("This person has no link that works.")
        record("consent.link_revoked", actor=actor, school=person.school, subject=person)
    return stopped


def open_links(*, contact: Contact | None = None, pupil: Pupil | None = None) -> Any:
    """The links of one person that are neither stopped nor late."""
    rows = AnswerLink.objects.filter(contact=contact, pupil=pupil, revoked_at=None)
    return rows.filter(expires_at__gt=timezone.now())


# Asking for a new link without one


def link_ask(*, email: str) -> None:
    """Somebody who is not signed in asks for their link. The row is all that happens while they wait.

    Whether the address is known shows neither in the answer nor in the time that it takes.
    """
    with audited():
        asked = LinkAsked.objects.create(email=email.strip().lower())
        record("consent.link_asked", subject=asked)


def links_asked_send(limit: int = 200) -> int:
    """Write to everybody who asked for a link and is known. Returns how many rows were dealt with."""
    return sweep_due("link asked for", LinkAsked.objects.all(), _send_asked, by="pk", limit=limit)


def _send_asked(key: int) -> bool:
    with audited():
        asked = LinkAsked.objects.select_for_update(of=("self",)).filter(pk=key).first()
        if asked is None:
            return False
        for person in _known(asked.email):
            which = {"contact" if isinstance(person, Contact) else "pupil": person}
            if _is_open(person.school) and can_answer(**which):
                link_write(**which)
        asked.delete()
    return True


def _known(email: str) -> list[Contact | Pupil]:
    """Contacts and pupils with this e-mail address at any school."""
    return [
        person
        for model in (Contact, Pupil)
        for person in model.objects.filter(email__iexact=email, erased_at=None)
        .select_related("school")
        .order_by("pk")[:MOST_OF_ONE_ADDRESS]
    ]


def _is_open(school: School) -> bool:
    return profile_of(school).is_open("consent")
