"""`manage.py portal`: everything in one command, and nothing left behind."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from pytest_django import Settings

from smgov.management.commands import portal
from smgov.management.commands.portal import Child, Supervisor

MANAGE = Path(settings.BASE_DIR, "manage.py")
PATIENCE = 90  # seconds: generous, since a busy machine is no fault of the portal

needs_proc = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc")


def wait_for(condition: Callable[[], object], what: str) -> object:
    """Wait until the condition holds; fail with what was awaited."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if found := condition():
            return found
        time.sleep(0.1)
    pytest.fail(f"Never happened: {what}")


def processes() -> dict[int, tuple[int, str, str]]:
    """Every running process (zombies left out): its parent, its command and its process group."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            state, parent, group = (folder / "stat").read_text().rpartition(") ")[2].split()[:3]
            command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:
            continue
        if state != "Z":
            found[int(folder.name)] = (int(parent), command, group)
    return found


def descendants(pid: int) -> dict[int, str]:
    """The processes below this one, each with its command."""
    everyone, below = processes(), {pid: ""}
    while more := {p: row[1] for p, row in everyone.items() if row[0] in below and p not in below}:
        below |= more
    del below[pid]
    return below


def free_port() -> int:
    """A port that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def portal_environment(var: Path) -> dict[str, str]:
    """The environment of a newcomer: nothing of the test run's own settings."""
    env = {name: value for name, value in os.environ.items() if not name.startswith(("SMGOV_", "PYTEST"))}
    return {**env, "SMGOV_VAR": str(var), "DJANGO_SETTINGS_MODULE": "smgov.settings"}


class RunningPortal:
    """A portal of its own on a free port, without the demo."""

    def __init__(self, var: Path) -> None:
        self.port = free_port()
        self.said = var.with_suffix(".out")
        command = [sys.executable, str(MANAGE), "portal", "--no-demo", "--port", str(self.port)]
        with self.said.open("wb") as said:
            self.process = subprocess.Popen(
                command, env=portal_environment(var), stdout=said, stderr=said, start_new_session=True
            )
        wait_for(lambda: "The portal is at" in self.output() or self.process.poll() is not None, "a start")
        assert self.process.poll() is None, self.output()

    def output(self) -> str:
        """All that it has printed so far."""
        return self.said.read_text()

    def health(self) -> tuple[int, bytes]:
        """What /health answers."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/health", timeout=PATIENCE) as answer:
            return answer.status, answer.read().strip()

    def child(self, name: str) -> int:
        """The process id of this child, 0 if there is none."""
        ids = [p for p, command in descendants(self.process.pid).items() if f"--child {name}" in command]
        return min(ids, default=0)

    def stop(self, number: int) -> tuple[int, set[int]]:
        """Send the signal. Returns the exit code and those of its children that are still there."""
        below = set(descendants(self.process.pid))
        assert len(below) >= 3
        self.process.send_signal(number)
        code = self.process.wait(PATIENCE)
        return code, below & set(processes())


@pytest.fixture(scope="module")
def portal_var(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One folder for the module's portals: the first start prepares it for the others."""
    return tmp_path_factory.mktemp("portal") / "var"


@pytest.fixture
def running(portal_var: Path) -> Iterator[RunningPortal]:
    """A portal that answers; what a failed test leaves of it is killed."""
    started = RunningPortal(portal_var)
    below = descendants(started.process.pid)
    yield started
    started.process.kill()
    started.process.wait()
    for pid in set(below) & set(processes()):
        os.kill(pid, signal.SIGKILL)


@needs_proc
def test_it_answers_starts_a_killed_worker_again_and_stops_on_ctrl_c(running: RunningPortal) -> None:
    assert running.health() == (200, b"ok")
    assert running.child("web")
    assert running.child("beat")
    killed = running.child("worker")
    os.kill(killed, signal.SIGKILL)
    wait_for(lambda: running.child("worker") not in {0, killed}, "a new worker")
    assert "The background worker stopped (-9); it starts again in 1 s." in running.output()
    assert running.stop(signal.SIGINT) == (0, set())
    assert running.output().endswith("The portal has stopped.\n")
    assert "Traceback" not in running.output()


@needs_proc
def test_every_child_finishes_by_itself_on_sigterm(running: RunningPortal) -> None:
    assert running.stop(signal.SIGTERM) == (0, set())
    assert "did not finish in time" not in running.output()
    assert "Traceback" not in running.output()


@needs_proc
def test_no_child_stays_when_the_portal_itself_is_killed(running: RunningPortal) -> None:
    below = set(descendants(running.process.pid))
    running.process.kill()
    wait_for(lambda: not below & set(processes()), "the end of all children")


def test_a_port_in_use_is_one_sentence_and_nothing_is_written(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        done = subprocess.run(
            [sys.executable, str(MANAGE), "portal", "--no-demo", "--port", str(port)],
            env=portal_environment(tmp_path),
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert f"Port {port} is in use" in done.stderr
    assert not list(tmp_path.glob("*.sqlite3"))


def test_a_database_that_does_not_answer_is_one_sentence(tmp_path: Path) -> None:
    nobody = f"postgres://portal@127.0.0.1:{free_port()}/portal"
    done = subprocess.run(
        [sys.executable, str(MANAGE), "portal", "--no-demo", "--port", str(free_port())],
        env={**portal_environment(tmp_path), "SMGOV_DATABASE_URL": nobody},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert done.stderr.startswith("The database cannot be used: ")


@pytest.mark.parametrize(
    ("bind", "port", "words"),
    [
        ("127.0.0.1", 70000, "no port 70000"),
        ("192.0.2.1", 8000, "cannot listen on 192.0.2.1:8000"),
        ("no.such.host.invalid", 8000, "cannot listen on no.such.host.invalid:8000"),
    ],
)
def test_an_address_that_cannot_be_had_is_one_sentence(bind: str, port: int, words: str) -> None:
    refusal = portal.port_refusal(bind, port)
    assert words in refusal
    assert "\n" not in refusal


def test_a_free_port_is_no_refusal() -> None:
    assert portal.port_refusal("127.0.0.1", free_port()) == ""


def test_an_address_with_colons_gets_brackets() -> None:
    assert portal.address("::1", 8000) == "[::1]:8000"
    assert portal.address("127.0.0.1", 8000) == "127.0.0.1:8000"


def child_of(code: str) -> Child:
    """A child that runs this Python code."""
    return Child("test child", [sys.executable, "-c", code], os.environ)


def test_a_child_that_keeps_dying_waits_longer_each_time_but_never_for_ever() -> None:
    child = child_of("")
    waits = [child.note_death(now=10.0) for _ in range(8)]
    assert waits == [1, 2, 4, 8, 16, 30, 30, 30]
    assert child.start_at == 40.0


def test_a_child_that_ran_well_for_long_starts_again_soon() -> None:
    child = child_of("")
    child.deaths = 5
    child.started = 10.0
    assert child.note_death(now=10.0 + portal.STEADY_SECONDS + 1) == 0.5
    assert child.deaths == 0


def test_a_dead_child_is_not_started_before_its_time(capsys: pytest.CaptureFixture[str]) -> None:
    child = child_of("raise SystemExit(3)")
    supervisor = Supervisor([child])
    supervisor.start()
    first = child.process
    assert first is not None
    first.wait(PATIENCE)
    supervisor.check()
    assert "The test child stopped (3); it starts again in 1 s." in capsys.readouterr().err
    supervisor.check()
    assert child.process is None
    child.start_at = 0.0
    supervisor.check()
    assert child.process is not None
    supervisor.stop()


def test_a_child_that_will_not_finish_is_ended(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(portal, "STOP_SECONDS", 0.3)
    deaf = child_of("import time; time.sleep(600)")
    willing = child_of("import sys; sys.stdin.read()")
    supervisor = Supervisor([deaf, willing])
    supervisor.start()
    supervisor.stop()
    assert capsys.readouterr().err == "The test child did not finish in time and was ended.\n"
    assert deaf.process is not None
    assert willing.process is not None
    assert deaf.process.returncode == -signal.SIGKILL


def test_the_demo_and_its_passwords_never_enter_a_real_installation(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    called: list[tuple[object, ...]] = []
    settings.PRODUCTION = True
    monkeypatch.setattr(portal, "call_command", lambda *args, **kwargs: called.append(args))
    monkeypatch.setattr(portal.Command, "supervise", lambda *args: None)
    monkeypatch.setattr(portal, "collect_static", lambda: None)
    monkeypatch.setattr(portal.connections, "close_all", lambda: None)
    monkeypatch.setattr(portal.signal, "signal", lambda *args: None)
    portal.Command().handle(bind="127.0.0.1", port=free_port(), no_demo=False, child=None)
    assert called == [("migrate",)]
    settings.PRODUCTION = False
    portal.Command().handle(bind="127.0.0.1", port=free_port(), no_demo=False, child=None)
    assert called[1:] == [("migrate",), ("demo", "--if-empty")]


def test_static_files_are_collected_again_only_when_one_has_changed(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    called: list[str] = []
    settings.BASE_DIR, settings.VAR, settings.STATIC_ROOT = (
        tmp_path,
        tmp_path / "var",
        tmp_path / "var/static",
    )
    settings.STATIC_ROOT.mkdir(parents=True)
    monkeypatch.setattr(portal, "call_command", lambda name, **options: called.append(name))
    monkeypatch.setattr(portal, "static_fingerprint", lambda: "first")
    portal.collect_static()
    assert called == ["build_static", "collectstatic"]
    (tmp_path / "static/vendor").mkdir(parents=True)
    (tmp_path / "static/vendor/app.css").touch()
    (settings.STATIC_ROOT / "staticfiles.json").touch()
    portal.collect_static()
    assert called[2:] == []
    monkeypatch.setattr(portal, "static_fingerprint", lambda: "second")
    portal.collect_static()
    assert called[2:] == ["collectstatic"]
