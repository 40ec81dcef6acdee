"""Pupils whom records of other rooms name: found by name when a record is sent, or linked by hand."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Model, Q, QuerySet
from django.db.models.signals import post_save
from django.utils import timezone

from consent.access import pupil_rules
from consent.ages import born_by
from consent.models import Mention, Pupil
from consent.selectors import here
from core.access import Rules
from core.audit import audited, record, subject_key
from core.errors import Refused
from core.signatures import plain_name
from people.models import School, User


@dataclass(frozen=True)
class MentionKind:
    """One kind of record that names pupils.

    Attributes:
        slug: its place in an address.
        title: what the pupil's page calls it.
        rules, action: who reads it.
        change: what somebody must be allowed to link pupils by hand; empty: the same as to read it.
        words: the words in which names of pupils may stand.
        by: who sent it.
        url: its page.
        secret: whether it is about somebody's wrongdoing: its page is sensitive, no export shows it, and a
            pupil's data stay while it is kept.
        former: whether a record of the kind may be about a pupil who left and is under 18 (BEC-4.08).
    """

    slug: str
    title: str
    rules: Rules
    action: str
    words: Callable[[Any], str]
    by: Callable[[Any], User]
    url: Callable[[Any], str]
    secret: bool = False
    change: str = ""
    former: Callable[[Any], bool] = lambda row: False

    @property
    def label(self) -> str:
        """The model's label as `core.audit.subject_key` writes it."""
        return self.rules.model._meta.label_lower

    def readable(self, user: Any) -> QuerySet:
        """The records of this kind that the person may read."""
        return self.rules.visible_to(user, self.action)

    def changeable(self, user: Any) -> QuerySet:
        """The records of this kind to which the person may link pupils."""
        return self.rules.visible_to(user, self.change or self.action)


MENTION_KINDS: dict[str, MentionKind] = {}


def mention_kind(kind: MentionKind) -> MentionKind:
    """Register a kind: pupils whom a new record of it names are linked when it is stored."""
    MENTION_KINDS[kind.label] = kind
    post_save.connect(_saved, sender=kind.rules.model, dispatch_uid=f"consent-mentions-{kind.label}")
    return kind


def kind_of(row: Model) -> MentionKind | None:
    """The kind of a record, None for one that names no pupils."""
    return MENTION_KINDS.get(row._meta.label_lower)


def _saved(sender: type[Model], instance: Any, created: bool, **kwargs: Any) -> None:
    """Link whom a new record names, or one whose words were changed."""
    if kwargs.get("raw"):
        return
    if created or "who_in_words" in (kwargs.get("update_fields") or ()):
        mentions_find(row=instance)


def mentions_find(*, row: Any) -> list[Mention]:
    """Link every pupil of the school whose full name stands in a record's words. Safe to run twice.

    A secret record is linked to nobody where two pupils have the name: it is not to stand beside the wrong one.
    """
    kind = MENTION_KINDS[row._meta.label_lower]
    text = spoken(kind.words(row))
    if not text.strip():
        return []
    by_name: dict[str, list[Pupil]] = {}
    for pupil in _pupils_at(row.school):
        for name in _names_of(pupil):
            by_name.setdefault(name, []).append(pupil)
    found: dict[int, Pupil] = {}
    # The longest first: in "Jo Ann Lee" nobody speaks of Ann Lee.
    for name in sorted(by_name, key=len, reverse=True):
        while f" {name} " in text:
            if len(by_name[name]) == 1 or not kind.secret:
                found.update({pupil.pk: pupil for pupil in by_name[name]})
            text = text.replace(f" {name} ", " | ")
    if not found:
        return []
    with audited():
        return [mention for pupil in found.values() if (mention := _link(kind.by(row), row, pupil))]


def mention_add(*, actor: User, row: Any, pupil: Pupil) -> Mention:
    """Link a pupil by hand. Raises PermissionDenied unless both may be seen, Refused for another school's pupil."""
    kind = _require(actor, row)
    pupil_rules.require(actor, "view", pupil)
    with audited():
        locked = Pupil.objects.select_for_update(of=("self",)).get(pk=pupil.pk)
        if locked.school_id != row.school_id or locked.erased_at:
            raise Refused("Choose a pupil of the school that the record is from.", field="name")
        _link(actor, row, locked)
    return Mention.objects.get(pupil=pupil, subject=f"{kind.label}:{row.pk}")


def mention_remove(*, actor: User, row: Any, pupil: Pupil) -> None:
    """Take a wrong link away. Raises PermissionDenied, or Refused when it is gone already."""
    _require(actor, row)
    pupil_rules.require(actor, "view", pupil)
    with audited():
        mention = (
            Mention.objects.select_for_update(of=("self",))
            .filter(pupil=pupil, subject=subject_key(row))
            .first()
        )
        if mention is None:
            raise Refused("This pupil is not linked any more.")
        record("consent.pupil_unlinked", actor=actor, school=row.school, subject=mention)
        mention.delete()


def _require(actor: User, row: Any) -> MentionKind:
    kind = kind_of(row)
    if kind is None or not kind.changeable(actor).filter(pk=row.pk).exists():
        raise PermissionDenied("this record names no pupils to this person")
    pupil_rules.require_at(actor, "view", row.school)
    return kind


def _link(actor: User, row: Any, pupil: Pupil) -> Mention | None:
    """Link once. The event is about the link alone, so that no pupil's history tells of a secret record."""
    mention, made = Mention.objects.get_or_create(
        pupil=pupil, subject=subject_key(row), defaults={"by": actor}
    )
    if not made:
        return None
    record("consent.pupil_linked", actor=actor, school=row.school, subject=mention)
    return mention


# Names ---------------------------------------------------------------------------------------


def spoken(text: str) -> str:
    """Words in plain letters, one blank apart and around them, so that commas and full stops hide no name."""
    words = re.findall(r"[\w'-]+", plain_name(text))
    bare = " ".join(re.sub("'s?$", "", word) for word in words)
    return f" {bare} "


def _names_of(pupil: Pupil) -> set[str]:
    """The full names of a pupil as `spoken` writes them."""
    last = pupil.last_name
    return {
        spoken(f"{name} {last}").strip() for name in (pupil.first_name, pupil.preferred_name) if name and last
    }


def _pupils_at(school: School) -> Iterable[Pupil]:
    rows = Pupil.objects.filter(here(timezone.localdate()), school=school).order_by()
    return rows.only("pk", "first_name", "preferred_name", "last_name", "school")


def pupils_called(user: Any, row: Any, typed: str) -> list[Pupil]:
    """The pupils whom a record may name, among those the person may see, who have exactly this full name.

    They are at its school now; where its kind covers former pupils, also who left and is under 18 today in London,
    or whose date of birth is not known.
    """
    wanted, today = spoken(typed).strip(), timezone.localdate()
    if " " not in wanted:
        return []
    covered = here(today)
    if (kind := kind_of(row)) and kind.former(row):
        covered |= Q(erased_at=None) & (Q(born=None) | Q(born__gt=born_by(today)))
    rows = pupil_rules.visible_to(user).filter(covered, school=row.school_id)
    for word in plain_name(typed).split():
        rows = rows.filter(search_name__contains=word)
    return [pupil for pupil in rows.order_by("class_name", "pk")[:50] if wanted in _names_of(pupil)]


def classes_in(school_id: int, text: str) -> list[str]:
    """The classes of a school whose name stands in the words."""
    words = spoken(text)
    if not words.strip():
        return []
    names = Pupil.objects.filter(here(timezone.localdate()), school=school_id).exclude(class_name="")
    found = names.order_by("class_name").values_list("class_name", flat=True).distinct()
    return [name for name in found if (plain := spoken(name).strip()) and f" {plain} " in words]


# Reading -------------------------------------------------------------------------------------


def mentioned_in(row: Any) -> QuerySet[Pupil]:
    """The pupils whom a record names, all of its school. Ask first whether the reader sees pupils there."""
    return Pupil.objects.filter(mentions__subject=subject_key(row), school=row.school_id).distinct()


def records_naming(user: Any, pupil: Pupil, *, secret: bool = True) -> list[tuple[MentionKind, Any]]:
    """The records that name a pupil and that the person may read; of the others there is no trace.

    One query for the links and one for each kind. Without `secret`, no record of a secret kind.
    """
    keys: dict[str, list[str]] = {}
    for subject in Mention.objects.filter(pupil=pupil).values_list("subject", flat=True):
        label, _, key = subject.partition(":")
        keys.setdefault(label, []).append(key)
    found: list[tuple[MentionKind, Any]] = []
    for label, kind in MENTION_KINDS.items():
        if label in keys and (secret or not kind.secret):
            found += [(kind, row) for row in kind.readable(user).filter(pk__in=keys[label])]
    return found
