"""Who wrote a draft before edits were kept is taken from the log."""

from importlib import import_module

import pytest
from django.apps import apps

from core.audit import audited, record
from policies.documents.services import makers_of
from policies.documents.tests.cases import a_document
from policies.models import DraftEdit, Version
from smgov.testing import a_cit_trust

edits_of_before = import_module("policies.migrations.0004_draft_edits_of_before").edits_of_before


@pytest.mark.django_db
@pytest.mark.clause("CIT-12.01")
def test_the_writers_of_a_draft_are_those_of_the_log_and_whoever_the_version_names() -> None:
    cast = a_cit_trust()
    row = a_document(cast.bob, cast.hilltop)
    draft = Version.objects.create(document=row, number=2, text="x", sha256="1" * 64, made_by=cast.cora)
    with audited():
        for actor, version in ((cast.alice, draft.pk), (cast.bob, draft.pk), (cast.dan, 0)):
            data = {"version": version, "sha256": "2" * 64}
            record("policies.draft_written", actor=actor, school=cast.hilltop, subject=row, data=data)
    edits_of_before(apps, None)
    assert makers_of(draft) == [cast.alice, cast.bob, cast.cora]
    assert not DraftEdit.objects.exclude(version=draft).exists()
