"""Tables that are only ever added to: the triggers stand, refuse, and come back (design, section 4)."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import DatabaseError, IntegrityError, connection, models, transaction
from django.db.models.signals import post_migrate
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from accounts.models import MonitoringRead, MonitoringReport, SocialAccount
from accounts.models.request import Topic
from accounts.services import requests
from approvals.models import Decision
from approvals.network.measures import measure_review
from approvals.network.unblock import note_add
from consent.models import Assessment, CheckedPupil, ConsentCheck, RegisterReview
from core import append_only
from core.append_only import APPEND_ONLY
from core.audit import audited, record
from core.models import AuditEvent, Platform, Signature
from core.roles import Role
from core.signatures import sign
from incidents.abuse.services import Done, Seen, abuse_log, act_add
from incidents.concerns.services.evidence import evidence_add_text
from incidents.concerns.services.glass import glass_take
from incidents.concerns.services.sending import Somebody, Told, concern_send
from incidents.models import Category, Comment, CommentStep, PartIn, Sort
from incidents.services.acting import addresses_hand_over, matter_close, technician_done
from incidents.services.reports import image_record, report_send
from incidents.services.sending import Whom
from policies.models import (
    Acknowledgement,
    DateChange,
    Declaration,
    DeclarationStep,
    Departure,
    DepartureStep,
    Document,
    DraftEdit,
    RemitConfirmation,
    Review,
    ReviewSignature,
    Version,
)
from smgov.testing import (
    Cast,
    a_cit_trust,
    a_draft,
    a_measure,
    a_person,
    an_unblock,
    choose,
    decide,
    give,
    submitted,
)
from smgov.testing_consent import a_contact, a_pupil, ask_about, consent_chosen, says

on_sqlite = pytest.mark.skipif(connection.vendor != "sqlite", reason="about SQLite alone: in the other run")
on_postgres = pytest.mark.skipif(connection.vendor != "postgresql", reason="needs PostgreSQL")
HISTORY = {"core.AuditEvent", "core.Signature", "approvals.ApprovalRound", "approvals.Decision"}


def triggers() -> set[str]:
    """The names of all triggers on the running database."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        else:
            cursor.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled = 'O'")
        return {name for (name,) in cursor.fetchall()}


def wanted(model: type[models.Model]) -> set[str]:
    return set(append_only.trigger_names(model, connection.vendor))


@pytest.fixture(scope="module")
def rows_of_history(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """At least one row in every declared table, made once; each test takes back what it does."""
    with django_db_blocker.unblock(), transaction.atomic():
        _make_history()
        yield
        transaction.set_rollback(True)


@pytest.fixture
def history(rows_of_history: None, db: Any) -> None:
    """The same, for one test."""


def _make_history() -> None:
    cast = a_cit_trust()
    decide(submitted(cast.alice, cast.hilltop), cast.bob)
    requests.consult(
        actor=cast.alice,
        request=a_draft(cast.alice, cast.hilltop),
        topic=Topic.CONSULTATION,
        text="Well?",
        once=uuid4(),
    )
    measure_review(
        actor=cast.bob,
        measure=a_measure(cast.bob, cast.hilltop, carried_out_by=cast.dan),
        once=uuid4(),
        found="All well",
        next_review_on=timezone.localdate() + timedelta(days=90),
    )
    choose(cast.trust.profile, unblock_approver=["headteacher"])
    note_add(actor=cast.dan, request=an_unblock(cast.alice, cast.hilltop), once=uuid4(), text="Harmless")
    _reports(cast)
    _consent(cast)
    _concerns(cast)
    _agreed(cast)
    empty = [model._meta.label for model in APPEND_ONLY if not model.objects.exists()]
    assert not empty, "a declared table of which this test makes no row"


def _agreed(cast: Cast) -> None:
    """A read and reviewed document, declarations with an answer, and what those who answer for it confirm."""

    def signed(user: Any) -> Signature:
        return sign(actor=user, typed_name=user.full_name, declaration="So it is", signed_hash="0" * 64)

    hilltop, today, once = {"school": cast.hilltop}, timezone.localdate(), uuid4
    document = Document.objects.create(
        **hilltop, once=once(), kind="social_media", title="Policy", created_by=cast.bob
    )
    version = Version.objects.create(document=document, number=1, sha256="0" * 64, made_by=cast.bob)
    Acknowledgement.objects.create(
        **hilltop, version=version, user=cast.alice, statement="Read", sha256="0" * 64
    )
    DraftEdit.objects.create(version=version, sha256="0" * 64, by=cast.bob)
    DateChange.objects.create(document=document, to_on=today, because="Asked for", by=cast.bob)
    review = Review.objects.create(document=document, once=once(), started_by=cast.bob)
    ReviewSignature.objects.create(
        review=review, round=1, spec="headteacher", signature=signed(cast.bob), user=cast.bob
    )
    declaration = Declaration.objects.create(
        **hilltop, once=once(), by=cast.alice, about="pupil", relation="relative"
    )
    DeclarationStep.objects.create(declaration=declaration, did="noted", by=cast.bob)
    departure = Departure.objects.create(
        **hilltop, once=once(), by=cast.alice, when="done", on=today, what="This", why="That"
    )
    DepartureStep.objects.create(departure=departure, did="noted", by=cast.bob)
    RemitConfirmation.objects.create(
        **hilltop, leads=[], signature=signed(cast.chair), by=cast.chair, next_on=today
    )
    report = MonitoringReport.objects.create(
        **hilltop, once=once(), starts_on=today, ends_on=today, by=cast.cora
    )
    MonitoringRead.objects.create(report=report, by=cast.bob)
    platform = Platform.objects.order_by("pk").first()
    account = SocialAccount.objects.create(
        **hilltop, platform=platform, name="Hilltop", status=SocialAccount.Status.APPROVED
    )
    comment = Comment.objects.create(
        **hilltop,
        once=once(),
        account=account,
        author="A",
        words="B",
        received_at=timezone.now(),
        logged_by=cast.alice,
    )
    CommentStep.objects.create(comment=comment, did="logged", single="logged", by=cast.alice)


def _reports(cast: Cast) -> None:
    """A possible indecent image; a report that names somebody, was handed over, blocked and closed."""
    sent = {"actor": cast.alice, "school": cast.hilltop}
    image_record(**sent, once=uuid4(), whom=Whom("unknown"), not_called_because="The DSL is calling")
    report = report_send(
        **sent,
        once=uuid4(),
        whom=Whom("staff", person=cast.cora),
        seen_on=timezone.localdate(),
        addresses="https://bad.example/room",
        nature="hate",
        words="A slogan",
    )
    addresses_hand_over(actor=cast.bob, matter=report)
    technician_done(
        actor=cast.dan, matter=report, action_taken="Blocked", blocked=True, typed_name=cast.dan.full_name
    )
    matter_close(actor=cast.bob, matter=report, note="Spoken to")


def _concerns(cast: Cast) -> None:
    """A case with a piece of evidence, emergency access, and an entry of the abuse log."""
    dsl = a_person("Dora Dean", Role.DSL, cast.hilltop)
    concern = concern_send(
        actor=cast.alice,
        school=cast.hilltop,
        once=uuid4(),
        told=Told(Category.OTHER, what="Messages", people=(Somebody(PartIn.VICTIM, Sort.PUPIL, "Kit"),)),
    )
    now = timezone.now()
    evidence_add_text(
        actor=dsl,
        concern=concern,
        text="x",
        place="A chat",
        captured_at=now,
        captured_by="Kit",
        title="A line",
    )
    glass_take(actor=cast.bob, school=cast.hilltop, reason="Nobody is here")
    seen = Seen(now, "angry", "An insult", "offensive", "school", elsewhere="A group")
    entry = abuse_log(actor=cast.alice, school=cast.hilltop, once=uuid4(), seen=seen)
    act_add(actor=cast.cora, entry=entry, done=Done("hidden"))


def _consent(cast: Cast) -> None:
    """An answer about a pupil, a check that was kept, an assessment, and a signed review of the register."""
    dpo = give(a_person("Dora Dart"), Role.DPO, cast.hilltop).user
    ask_about(consent_chosen(cast.hilltop), dpo)
    pupil = a_pupil(cast.hilltop)
    says(pupil, True, a_contact(pupil))
    check = ConsentCheck.objects.create(
        once=uuid4(),
        school=cast.hilltop,
        by=cast.alice,
        medium="image",
        channel="school",
        in_group=True,
        first_name=False,
    )
    CheckedPupil.objects.create(check_row=check, pupil=pupil, may=True, reason="yes")
    Assessment.objects.create(pupil=pupil, competent=True, assessed_on=timezone.localdate(), by=dpo)
    signature = sign(actor=dpo, typed_name="Dora Dart", declaration="Reviewed", signed_hash="0" * 64)
    RegisterReview.objects.create(school=cast.hilltop, by=dpo, signature=signature, figures={})


def refused() -> Any:
    """Whatever the driver calls it, and nothing is left of the attempt."""
    return pytest.raises(DatabaseError, match="only ever added to")


def test_the_tables_of_history_are_declared() -> None:
    declared = {model._meta.label for model in APPEND_ONLY}
    assert declared >= HISTORY
    assert len(declared) == len(APPEND_ONLY), "declared once"


@pytest.mark.django_db
def test_every_declared_table_has_its_triggers_on_this_database() -> None:
    missing = {name for model in APPEND_ONLY for name in wanted(model)} - triggers()
    assert not missing


def test_no_declared_table_has_a_rule_that_the_guard_could_not_read() -> None:
    """The guard against INSERT OR REPLACE knows unique constraints without conditions or expressions."""
    for model in APPEND_ONLY:
        unique = [c for c in model._meta.constraints if isinstance(c, models.UniqueConstraint)]
        assert unique == list(model._meta.total_unique_constraints), model._meta.label
        assert not model._meta.unique_together
        assert model._meta.local_fields == list(model._meta.fields), "no table above it"


@pytest.mark.parametrize("model", APPEND_ONLY, ids=lambda model: model._meta.label)
def test_update_and_delete_are_refused_through_the_models(history: None, model: type[models.Model]) -> None:
    row = model.objects.first()
    before = model.objects.filter(pk=row.pk).values().get()
    with refused(), transaction.atomic():
        row.save()
    with refused(), transaction.atomic():
        model.objects.filter(pk=row.pk).update(**{_plain_field(model): models.F(_plain_field(model))})
    with refused(), transaction.atomic():
        model.objects.bulk_update([row], [_plain_field(model)])
    with refused(), transaction.atomic():
        model.objects.filter(pk=row.pk)._raw_delete("default")
    assert model.objects.filter(pk=row.pk).values().get() == before


def _plain_field(model: type[models.Model]) -> str:
    """A moment, or where a table has none (it stands beside another that has one), a text."""
    kinds = (models.DateTimeField, models.CharField)
    return next(f.name for kind in kinds for f in model._meta.fields if isinstance(f, kind))


@pytest.mark.parametrize("model", APPEND_ONLY, ids=lambda model: model._meta.label)
def test_update_and_delete_are_refused_in_plain_sql(history: None, model: type[models.Model]) -> None:
    table, count = model._meta.db_table, model.objects.count()
    for sql in (
        f"UPDATE {table} SET id = id",
        f"DELETE FROM {table}",
        f"DELETE FROM {table} WHERE id = (SELECT max(id) FROM {table})",
    ):
        with refused(), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
    assert model.objects.count() == count


def _columns(model: type[models.Model], *left_out: str) -> str:
    return ", ".join(f'"{f.column}"' for f in model._meta.fields if f.column not in left_out)


@on_sqlite
@pytest.mark.parametrize("model", APPEND_ONLY, ids=lambda model: model._meta.label)
@pytest.mark.parametrize("verb", ["INSERT OR REPLACE", "REPLACE"])
def test_a_row_cannot_be_replaced_by_its_key(history: None, model: type[models.Model], verb: str) -> None:
    table, columns = model._meta.db_table, _columns(model)
    with refused(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"{verb} INTO {table} ({columns}) SELECT {columns} FROM {table}")


@on_sqlite
@pytest.mark.parametrize(
    "model",
    [
        m
        for m in APPEND_ONLY
        if m._meta.total_unique_constraints or [f for f in m._meta.fields if f.unique][1:]
    ],
    ids=lambda model: model._meta.label,
)
def test_a_row_cannot_be_replaced_by_another_unique_value(history: None, model: type[models.Model]) -> None:
    """Without its key, a new row would push out the old one whose number or step it shares."""
    table, columns = model._meta.db_table, _columns(model, "id")
    kept = set(model.objects.values_list("pk", flat=True))
    with refused(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"INSERT OR REPLACE INTO {table} ({columns}) SELECT {columns} FROM {table}")
    assert set(model.objects.values_list("pk", flat=True)) == kept


@on_postgres
@pytest.mark.postgres
@pytest.mark.parametrize("model", APPEND_ONLY, ids=lambda model: model._meta.label)
def test_truncate_and_upsert_are_refused(history: None, model: type[models.Model]) -> None:
    table, columns = model._meta.db_table, _columns(model)
    connection.check_constraints()  # PostgreSQL truncates nothing that waits for a check
    for sql in (
        f"TRUNCATE {table} CASCADE",
        f"INSERT INTO {table} ({columns}) SELECT {columns} FROM {table} ON CONFLICT (id) DO UPDATE SET id = excluded.id",
    ):
        with refused(), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)


def test_adding_goes_on(history: None) -> None:
    before = AuditEvent.objects.count()
    with audited():
        record("core.notices_seen")
    assert AuditEvent.objects.count() == before + 1


def test_a_second_decision_of_one_person_in_one_round_is_still_a_broken_constraint(history: None) -> None:
    row = Decision.objects.get()
    mark = Signature.objects.create(
        user=row.decided_by, at=row.at, typed_name="x", declaration="x", content_hash="0" * 64
    )
    row.pk, row.signature = None, mark
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)


def test_removing_and_installing_again_changes_nothing_else(history: None) -> None:
    everything = triggers()
    append_only.remove()
    assert not triggers() & {name for model in APPEND_ONLY for name in wanted(model)}
    append_only.install()
    append_only.install()
    assert triggers() == everything


@pytest.mark.django_db
def test_the_receiver_of_one_app_restores_its_own_tables() -> None:
    append_only.remove()
    label = "approvals"
    post_migrate.send(
        sender=apps.get_app_config(label),
        app_config=apps.get_app_config(label),
        using="default",
        verbosity=0,
        interactive=False,
    )
    standing = triggers()
    assert all(wanted(m) <= standing for m in APPEND_ONLY if m._meta.app_label == label)
    assert not wanted(AuditEvent) & standing
