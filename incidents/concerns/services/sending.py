"""How a concern comes in: what was said, whom it concerns, to whom it goes, and who is told at once."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError
from django.urls import reverse
from django.utils import timezone

from core.audit import audited, record
from core.clock import end_of_day
from core.errors import Refused
from core.notices import notify
from incidents.concerns.access import concern_rules
from incidents.concerns.meant import meant_people
from incidents.concerns.roads import Facts, concern_road
from incidents.concerns.selectors import covers_today, people_of_sort, readers_of, without
from incidents.concerns.services.chronology import entry_write
from incidents.concerns.services.deadlines import deadlines_set
from incidents.concerns.told import Somebody, Told, call_of, once_again, plain, same, told_check, words_of
from incidents.models import (
    About,
    Action,
    Body,
    Category,
    Channel,
    Concern,
    ConcernGrant,
    ConcernStep,
    ConcernWords,
    EntryKind,
    Excluded,
    Part,
    PartIn,
    Referral,
    Right,
    Share,
    Sort,
    Source,
    Urgency,
)
from incidents.roads import RoadNotChosen
from incidents.selectors import heads_of
from incidents.services.sending import not_chosen
from people.models import School, User
from people.selectors import holders, profile_of

KEPT_OUT = (PartIn.SUBJECT, PartIn.VICTIM)
"""Whom a concern is about, on either side: they never read it, hear of it or decide on it."""
LATER = frozenset(
    (
        Category.DEFAMATION,
        Category.REPUTATION,
        Category.MISUSE_PARENT,
        Category.OWN_MISTAKE,
        Category.POLICY_COMPLAINT,
        Category.DATA_COMPLAINT,
    )
)


def concern_send(*, actor: User | None, school: School, once: UUID, told: Told) -> Concern:
    """Store a concern, lead it on its road, and tell the road at once (CIT-2.27: immediately).

    `actor` is None for the page without an account, which the school must have opened. The same page sent
    twice is one concern; sent again with other words it is a concern of its own, so that nothing is lost.
    Raises PermissionDenied, or Refused with what to do.
    """
    profile = profile_of(school)
    if actor is None:
        if told.channel != Channel.PUBLIC or not profile.public_reports:
            raise Refused("This page is not open. Please call the school.")
    else:
        concern_rules.require_at(actor, "report", school)
    told_check(school, told)
    if known := _known(actor, school, once):
        if same(known, told):
            return known
        once = once_again(once, told)
        if again := _known(actor, school, once):
            return again
    kept_out = _kept_out(school, told, actor)
    facts = _facts(school, told, kept_out)

    def heard_by(spec: str) -> bool:
        return holders(school, spec).exclude(pk__in=kept_out).exists()

    try:
        specs = concern_road(profile, facts, heard_by)
    except RoadNotChosen as error:
        raise Refused(not_chosen(profile, error.key, dsl_hears=heard_by("dsl"))) from error
    try:
        with audited():
            concern = Concern.objects.create(
                once=once,
                school=school,
                reporter=actor,
                confidential=told.confidential,
                channel=told.channel,
                category=told.category,
                urgency=told.urgency or _urgency(told),
                image=told.image,
                has_road=bool(specs),
                no_head=About.HEAD in facts.about(),
                read_due_at=timezone.now() + timedelta(hours=profile.concern_unread_hours),
                report=told.report,
                abuse=told.abuse,
            )
            ConcernWords.objects.create(
                concern=concern,
                happened_on=told.happened_on,
                source=told.source,
                in_hours=told.in_hours,
                written_on=told.written_on,
                **words_of(told),
            )
            Part.objects.bulk_create(part for one in told.people for part in _parts_of(concern, one, actor))
            Excluded.objects.bulk_create(
                Excluded(concern=concern, user_id=pk, because=because) for pk, because in kept_out.items()
            )
            steps_add(concern, specs, ConcernStep.Because.FILED)
            entry_write(concern, EntryKind.RECEIVED, by=actor, data={"channel": told.channel})
            _police(concern, told, actor)
            deadlines_set(concern, facts, profile, aware_at=told.aware_at)
            if facts.child:
                duty_let_in(concern)
            record("incidents.concern_sent", actor=actor, school=school, subject=concern)
            tell(concern, "incidents.concern", without(readers_of(concern), actor))
    except IntegrityError as error:
        if known := _known(actor, school, once):
            return known
        raise Refused("This page cannot be sent. Open it afresh and send it again.") from error
    return concern


def _parts_of(concern: Concern, one: Somebody, actor: User | None) -> list[Part]:
    """The rows of one person as told: one for each colleague behind the choice."""
    return [
        Part(concern=concern, part=one.part, sort=one.sort, user=user, words=plain(one.words), added_by=actor)
        for user in (people_of_sort(concern.school, one.sort, one.user) or [None])
    ]


def _known(actor: User | None, school: School, once: UUID) -> Concern | None:
    return Concern.objects.select_related("words").filter(once=once, reporter=actor, school=school).first()


def _kept_out(school: School, told: Told, actor: User | None) -> dict[int, Excluded.Because]:
    """Whom the concern is about, by what was chosen or typed, or because they report a mistake of their own."""
    found: dict[int, Excluded.Because] = {}
    if told.category == Category.OWN_MISTAKE and actor is not None and told.channel == Channel.PORTAL:
        found[actor.pk] = Excluded.Because.PART
    for one in told.people:
        if one.part not in KEPT_OUT:
            continue
        for user in meant_people(school, one.sort, one.words):
            found.setdefault(user.pk, Excluded.Because.WORDS)
        for user in people_of_sort(school, one.sort, one.user):
            found[user.pk] = Excluded.Because.PART
    if told.report is not None:
        found |= dict.fromkeys(told.report.named.values_list("user", flat=True), Excluded.Because.PART)
    return found


def _facts(school: School, told: Told, kept_out: dict[int, Excluded.Because]) -> Facts:
    """The facts of the road; a typed name that is a colleague's counts as that colleague too."""
    heads = {user.pk for user in heads_of(school)}
    parts: set[tuple[PartIn, Sort]] = set()
    for one in told.people:
        chosen = people_of_sort(school, one.sort, one.user)
        parts |= _sorts(one.part, one.sort, chosen, heads)
        if one.part == PartIn.SUBJECT and not chosen:
            meant = meant_people(school, one.sort, one.words)
            parts |= _sorts(one.part, Sort.STAFF, meant, heads) if meant else set()
    if told.report is not None:
        named = [row.user for row in told.report.named.select_related("user")]
        parts |= _sorts(PartIn.SUBJECT, Sort.STAFF, named, heads) if named else set()
    if told.source == Source.CHILD:
        parts.add((PartIn.DISCLOSER, Sort.PUPIL))
    return Facts(told.category, frozenset(parts), told.in_hours, school.is_central)


def _sorts(part: PartIn, sort: Sort, people: list[User], heads: set[int]) -> set[tuple[PartIn, Sort]]:
    """A colleague who is chosen as staff may be the headteacher; whoever is known by words alone is what was said."""
    if sort not in (Sort.STAFF, Sort.HEAD) or not people:
        return {(part, sort)}
    return {(part, Sort.HEAD if user.pk in heads else Sort.STAFF) for user in people}


def facts_of(concern: Concern) -> Facts:
    """The facts as they are now, after people were added. Whoever was the headteacher when named stays it here."""
    out = set(concern.excluded.filter(lifted_at=None).values_list("user", flat=True))
    heads = {user.pk for user in heads_of(concern.school)}
    parts: set[tuple[PartIn, Sort]] = set()
    for part in concern.parts.filter(mistaken_at=None).select_related("user"):
        parts |= _sorts(PartIn(part.part), Sort(part.sort), [part.user] if part.user else [], heads)
        if part.part == PartIn.SUBJECT and part.user is None:
            spoken = [user for user in meant_people(concern.school, part.sort, part.words) if user.pk in out]
            parts |= _sorts(PartIn.SUBJECT, Sort.STAFF, spoken, heads) if spoken else set()
    if concern.no_head:
        parts.add((PartIn.SUBJECT, Sort.HEAD))
    words = concern.words
    if words.source == Source.CHILD:
        parts.add((PartIn.DISCLOSER, Sort.PUPIL))
    return Facts(Category(concern.category), frozenset(parts), words.in_hours, concern.school.is_central)


def _urgency(told: Told) -> Urgency:
    if told.in_danger or told.image:
        return Urgency.NOW
    return Urgency.LATER if told.category in LATER else Urgency.SOON


def _police(concern: Concern, told: Told, actor: User | None) -> None:
    if not (told.image or told.police_called_at):
        return
    Referral.objects.create(
        concern=concern,
        body=Body.POLICE,
        **call_of(told),
        by=actor,
    )
    entry_write(concern, EntryKind.REFERRAL, by=actor, data={"body": Body.POLICE})


def steps_add(concern: Concern, specs: Iterable[str], because: ConcernStep.Because) -> list[str]:
    """Add the steps that it does not have yet; gives those that are new."""
    before = {step.spec for step in ConcernStep.objects.filter(concern=concern)}
    fresh = [spec for spec in dict.fromkeys(specs) if spec not in before]
    rows = []
    for spec in fresh:
        role, _, post = spec.partition("/")
        rows.append(ConcernStep(concern=concern, role=role, post=post, because=because))
    ConcernStep.objects.bulk_create(rows)
    return fresh


def let_in(
    concern: Concern,
    user: User,
    right: Right,
    why: Share.Why,
    *,
    by: User | None,
    until: datetime | None = None,
    reason: str = "",
) -> Share | None:
    """Give a right by name, with its history row; None when it is held already. Inside the transaction."""
    held = Share.objects.filter(concern=concern, user=user, right=right, ended_at=None).first()
    if held is not None and (held.until is None or held.until > timezone.now()):
        return None
    if held is not None:
        held.ended_at = timezone.now()
        held.save(update_fields=["ended_at"])
    permission = ConcernGrant.permission.field.related_model.objects.get(
        content_type__app_label="incidents", codename=right
    )
    ConcernGrant.objects.update_or_create(
        content_object=concern, user=user, permission=permission, defaults={"until": until}
    )
    return Share.objects.create(
        concern=concern, user=user, right=right, why=why, by=by, until=until, reason=reason[:300]
    )


def shut_out(concern: Concern, user: User, *, by: User | None) -> bool:
    """End every right by name that the person has on it. Inside the transaction."""
    ConcernGrant.objects.filter(content_object=concern, user=user).delete()
    rows = Share.objects.filter(concern=concern, user=user, ended_at=None)
    return bool(rows.update(ended_at=timezone.now(), ended_by=by))


def share_end(concern: Concern, share: Share, *, by: User | None) -> None:
    """End one right by name, and nothing else that the person has of the case. Inside the transaction.

    What they were to do goes back to the others, unless they read it by their role.
    """
    ConcernGrant.objects.filter(
        content_object=concern, user=share.user_id, permission__codename=share.right
    ).delete()
    share.ended_at, share.ended_by = timezone.now(), by
    share.save(update_fields=["ended_at", "ended_by"])
    if share.user_id in {user.pk for user in readers_of(concern)}:
        return
    if concern.owner_id == share.user_id:
        concern.owner = None
        concern.save(update_fields=["owner"])
    Action.objects.filter(concern=concern, owner=share.user_id, done_at=None).update(owner=None)


def duty_let_in(concern: Concern) -> None:
    """Whoever is the DSL on duty today handles what comes in today, until their duty ends."""
    for cover in covers_today(concern.school):
        if Excluded.objects.filter(concern=concern, user=cover.user, lifted_at=None).exists():
            continue
        let_in(
            concern, cover.user, Right.HANDLE, Share.Why.DUTY, by=cover.set_by, until=end_of_day(cover.ends)
        )


def url_of(concern: Concern) -> str:
    """The page of the case."""
    return reverse("incidents:case", args=[concern.uuid])


def tell(concern: Concern, kind: str, people: Iterable[User], *, key: str = "") -> None:
    """A notice that names nothing, to people who may read it."""
    notify(kind, recipients=people, about=concern, key=f"{concern.pk}{key}", link=url_of(concern))
