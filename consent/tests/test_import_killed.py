"""A worker that is killed, or loses its lease, in the middle of an import."""

from datetime import timedelta

import pytest
from django.utils import timezone

from consent.models import Pupil, PupilImport
from consent.services.imports import import_accept
from consent.services.imports_work import Lease, LeaseLost, import_run, imports_work
from consent.tests.import_help import HEAD, compared, counts, csv_of, line, office_of, sent, upn
from people.models import School
from smgov.testing_consent import a_consent_school

pytestmark = pytest.mark.django_db


@pytest.fixture
def school() -> School:
    """A school whose part about consent is open."""
    return a_consent_school()[0]


@pytest.fixture
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("consent.services.imports_work.CHUNK", 2)


class Killed(BaseException):
    """As if the worker was gone."""


def kill_at(monkeypatch: pytest.MonkeyPatch, call: int) -> None:
    """The worker dies when it renews its lease for the n-th time."""
    calls = []
    real = Lease.renew

    def dying(self: Lease, **values) -> None:
        calls.append(1)
        if len(calls) == call:
            raise Killed
        real(self, **values)

    monkeypatch.setattr(Lease, "renew", dying)


@pytest.mark.parametrize("call", range(2, 8))
@pytest.mark.parametrize("state", ["comparing", "accepting"])
def test_a_worker_that_is_killed_changes_nothing_in_the_end(
    school: School, small_chunks: None, monkeypatch: pytest.MonkeyPatch, state: str, call: int
) -> None:
    lines = [HEAD, *(line(n, f"Pupil{n} Bell", f"{n:02}/05/2015") for n in range(1, 8))]
    load = sent(school, csv_of(*lines))
    if state == "accepting":
        load = import_accept(actor=office_of(school), load=import_run(load))
    with monkeypatch.context() as patch:
        kill_at(patch, call)
        try:
            imports_work()
        except Killed:
            load.refresh_from_db()
            assert load.status == state
            assert imports_work() == 0, "the lease still runs"
            PupilImport.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    load = import_run(load)
    if state == "comparing":
        assert counts(load) == {"new": 7}
        assert load.rows.count() == 7
        load = import_run(import_accept(actor=office_of(school), load=load))
    assert load.status == "accepted"
    assert sorted(Pupil.objects.values_list("upn", flat=True)) == [upn(n) for n in range(1, 8)]


def test_progress_is_saved_on_the_way(
    school: School, small_chunks: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []
    real = Lease.renew

    def watching(self: Lease, **values) -> None:
        real(self, **values)
        seen.append((self.load.rows_done, self.load.rows_total))

    monkeypatch.setattr(Lease, "renew", watching)
    compared(school, HEAD, *(line(n, f"Pupil{n} Bell", f"{n:02}/05/2015") for n in range(1, 6)))
    assert [pair for pair in seen if pair[1]][1:] == [(0, 5), (2, 5), (4, 5), (5, 5), (5, 5)]


def test_a_worker_that_lost_its_lease_writes_nothing_more(school: School) -> None:
    load = sent(school, csv_of(HEAD, line(1)))
    old = Lease.take()
    assert old is not None
    assert Lease.take() is None
    PupilImport.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    assert Lease.take() is not None
    with pytest.raises(LeaseLost), old.step(rows_done=3):
        pass
    load.refresh_from_db()
    assert load.rows_done == 0
