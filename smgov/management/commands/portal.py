"""`manage.py portal`: the whole portal in one command, without Redis (docs/decisions.md).

It prepares the database, static files and demo, then keeps three child processes alive: the web server,
the Celery worker and the Celery beat. Each child listens on a pipe, the lifeline: when it closes, the child
stops. The system closes it even if the supervisor is killed, so that no child can be left behind.
"""

import errno
import hashlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import warnings
from argparse import ArgumentParser
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import FrameType

from celery.exceptions import SecurityWarning
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import DatabaseError, connections

from smgov.celery import app

START_SECONDS = 60  # for the web server to answer its first request
STOP_SECONDS = 10  # for a child to finish what it is doing
STEADY_SECONDS = 60  # a child that lived so long starts again without a longer wait
LONGEST_WAIT = 30.0  # seconds between two starts of a child that keeps dying
EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # where to ask a server that listens on all addresses


def tell(text: str) -> None:
    """Say what happened to a child; a terminal that has been closed must not stop the supervisor."""
    try:
        print(text, file=sys.stderr, flush=True)
    except OSError:
        pass


class Child:
    """One process that should be running, and when to start it again if it is not."""

    def __init__(self, name: str, command: Sequence[str], env: Mapping[str, str]) -> None:
        self.name = name
        self.command = list(command)
        self.env = dict(env)
        self.process: subprocess.Popen[bytes] | None = None
        self.started = 0.0
        self.deaths = 0
        self.start_at = 0.0

    def start(self) -> None:
        """Start it in a group of its own, so that Ctrl-C in the terminal reaches the supervisor only."""
        group = {} if os.name == "nt" else {"start_new_session": True}
        if os.name == "nt":
            group = {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
        self.process = subprocess.Popen(
            self.command, env=self.env, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, **group
        )
        self.started = time.monotonic()

    def note_death(self, now: float) -> float:
        """Let go of the dead process. Returns the seconds to wait: doubled with each early death."""
        self.end_group()
        self.process = None
        self.deaths = 0 if now - self.started > STEADY_SECONDS else self.deaths + 1
        wait = min(LONGEST_WAIT, 2.0 ** (self.deaths - 1)) if self.deaths else 0.5
        self.start_at = now + wait
        return wait

    def let_go(self) -> None:
        """Close the lifeline: the child is to finish and stop."""
        if self.process and self.process.stdin:
            self.process.stdin.close()

    def end_group(self) -> None:
        """Kill whatever is left of the child and of what it has started."""
        if not self.process:
            return
        self.let_go()
        if os.name == "nt":
            self.process.kill()
        else:
            try:
                os.killpg(self.process.pid, signal.SIGKILL)
            except (ProcessLookupError, PermissionError):  # macOS says the latter of a dead group
                pass
        self.process.wait()


class Supervisor:
    """Keeps children running until it is told to stop, then leaves none behind."""

    def __init__(self, children: Sequence[Child]) -> None:
        self.children = children
        self.stopping = False

    def start(self) -> None:
        """Start every child."""
        for child in self.children:
            child.start()

    def check(self) -> None:
        """Start again each child that has died and has waited long enough."""
        now = time.monotonic()
        for child in self.children:
            if child.process is None:
                if now >= child.start_at:
                    child.start()
            elif (code := child.process.poll()) is not None:
                wait = child.note_death(now)
                tell(f"The {child.name} stopped ({code}); it starts again in {wait:g} s.")

    def run(self) -> None:
        """Watch until `stopping` is set, by a signal as a rule."""
        while not self.stopping:
            self.check()
            time.sleep(0.2)

    def stop(self) -> None:
        """Ask all children to finish, give them time together, then end what is left."""
        for child in self.children:
            child.let_go()
        until = time.monotonic() + STOP_SECONDS
        for child in self.children:
            if child.process:
                try:
                    child.process.wait(max(0.0, until - time.monotonic()))
                except subprocess.TimeoutExpired:
                    tell(f"The {child.name} did not finish in time and was ended.")
            child.end_group()


def hold_lifeline() -> None:
    """In a child: stop when the supervisor closes the pipe or is gone, at the latest after a while."""

    def wait_for_the_end() -> None:
        while os.read(0, 1024):
            pass
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(STOP_SECONDS)
        os._exit(1)

    threading.Thread(target=wait_for_the_end, daemon=True).start()


def run_child(name: str, bind: str, port: int) -> None:
    """Be the child of this name, until told to stop."""
    hold_lifeline()
    # Celery warns of root; the whole portal runs as whoever started it, so the worker is no special case.
    warnings.filterwarnings("ignore", category=SecurityWarning)
    if name == "worker":
        quiet = ["--without-gossip", "--without-mingle", "--without-heartbeat", "-l", "warning"]
        app.start(["worker", "-P", "threads", "-c", "2", "--prefetch-multiplier", "1", *quiet])
    elif name == "beat":
        app.start(["beat", "-l", "warning", "--pidfile=", "-s", str(settings.VAR / "beat-schedule")])
    elif os.name == "nt":
        call_command("runserver", address(bind, port), use_reloader=False, insecure_serving=True)
    else:
        run_gunicorn(bind, port)


def run_gunicorn(bind: str, port: int) -> None:
    """Be the web server: one process with threads, so that the memory cache is shared."""
    from gunicorn.app.wsgiapp import WSGIApplication  # not to be had on Windows

    shape = ["--worker-class", "gthread", "--workers", "1", "--threads", "8", "--graceful-timeout", "5"]
    quiet = ["--log-level", "warning", "--no-control-socket"]
    sys.argv = ["gunicorn", "--bind", address(bind, port), *shape, *quiet, "smgov.wsgi:application"]
    WSGIApplication("%(prog)s [OPTIONS] [APP_MODULE]").run()


def address(host: str, port: int) -> str:
    """Host and port in one word; an IPv6 host gets its brackets."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def port_refusal(bind: str, port: int) -> str:
    """Why the portal cannot listen there, as one sentence; empty if it can."""
    try:
        with socket.socket(socket.AF_INET6 if ":" in bind else socket.AF_INET) as probe:
            if os.name != "nt":
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((bind, port))
    except OverflowError:
        return f"There is no port {port}: choose one between 1024 and 65535."
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            return (
                f"Port {port} is in use by another program: stop that one, or choose another port "
                f"(make run PORT={port + 1})."
            )
        return f"The portal cannot listen on {address(bind, port)}: {error.strerror}."
    return ""


def answers(host: str, port: int) -> bool:
    """True if a web server answers there, whatever it says."""
    connection = http.client.HTTPConnection(EVERYWHERE.get(host, host), port, timeout=10)
    try:
        connection.request("GET", "/health")
        connection.getresponse().read()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
    return True


def static_fingerprint() -> str:
    """One value that changes when any static file of any app does (by name, size and time)."""
    digest = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            facts = os.stat(storage.path(name))
            digest.update(f"{name} {facts.st_size} {facts.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def collect_static() -> None:
    """Build and collect the static files, unless nothing has changed since the last time."""
    vendor = Path(settings.BASE_DIR, "static", "vendor")
    if not vendor.is_dir() or not any(vendor.iterdir()):
        call_command("build_static", verbosity=0)
    mark, stamp = static_fingerprint(), Path(settings.VAR, "static-stamp")
    manifest = Path(settings.STATIC_ROOT, "staticfiles.json")
    if not (manifest.is_file() and stamp.is_file() and stamp.read_text() == mark):
        call_command("collectstatic", interactive=False, verbosity=0)
        stamp.write_text(mark)


def child_environment(bind: str, port: int) -> dict[str, str]:
    """What the children get: the address for links, and a private place for messages on their way."""
    passing = Path(settings.VAR, "tmp")
    passing.mkdir(mode=0o700, exist_ok=True)
    env = {**os.environ, "TMPDIR": str(passing)}
    env.setdefault("SMGOV_SITE_URL", f"http://{address(EVERYWHERE.get(bind, bind), port)}")
    return env


class Command(BaseCommand):
    """Start the portal and keep it running until Ctrl-C."""

    help = "Start the whole portal: web server, background worker and clock. Ctrl-C stops it."
    requires_system_checks: Sequence[str] = []  # migrate runs them

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The port, the address, and whether the demo is wanted."""
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--bind", default="127.0.0.1", help="address to listen on")
        parser.add_argument("--no-demo", action="store_true", help="do not load the demo schools")
        parser.add_argument("--child", choices=["web", "worker", "beat"], help="used by the command itself")

    def handle(self, *args: object, **options: object) -> None:
        """Be a child, or prepare everything and supervise the children."""
        bind, port = str(options["bind"]), int(str(options["port"]))
        if options["child"]:
            run_child(str(options["child"]), bind, port)
            return
        if refusal := port_refusal(bind, port):
            sys.exit(refusal)
        self.demo = not (options["no_demo"] or settings.PRODUCTION)
        self.supervisor = Supervisor(self.children(bind, port))
        self.preparing = True
        for number in {signal.SIGINT, signal.SIGTERM, getattr(signal, "SIGHUP", signal.SIGTERM)}:
            signal.signal(number, self.on_signal)
        try:
            self.prepare()
            self.preparing = False
            self.supervise(bind, port)
        except KeyboardInterrupt:
            pass
        except DatabaseError as error:
            reason = str(error).strip().partition("\n")[0]
            sys.exit(f"The database cannot be used: {reason}.")
        finally:
            self.supervisor.stop()
        tell("The portal has stopped.")

    def on_signal(self, number: int, frame: FrameType | None) -> None:
        """Stop: at once while preparing, else at the next look at the children."""
        self.supervisor.stopping = True
        if self.preparing:
            self.preparing = False
            raise KeyboardInterrupt

    def children(self, bind: str, port: int) -> list[Child]:
        """The three processes of a portal."""
        env = child_environment(bind, port)
        base = [sys.executable, str(Path(settings.BASE_DIR, "manage.py")), "portal"]
        base += ["--bind", bind, "--port", str(port), "--child"]
        names = {"web": "web server", "worker": "background worker", "beat": "clock of the background work"}
        return [Child(name, [*base, key], env) for key, name in names.items()]

    def prepare(self) -> None:
        """Bring database, static files and demo up to date."""
        self.stdout.write("Preparing the database and the pages ...")
        call_command("migrate", interactive=False, verbosity=0)
        collect_static()
        if self.demo:
            call_command("demo", "--if-empty", stdout=self.stdout)
        connections.close_all()

    def supervise(self, bind: str, port: int) -> None:
        """Start the children, say where the portal is once it answers, and watch until told to stop."""
        supervisor = self.supervisor
        web = supervisor.children[0]
        supervisor.start()
        until = time.monotonic() + START_SECONDS
        while not supervisor.stopping and not answers(bind, port):
            if web.process is None or web.process.poll() is not None or time.monotonic() > until:
                sys.exit("The web server could not start: its own message is above.")
            time.sleep(0.1)
        if supervisor.stopping:
            return
        self.greet(bind, port)
        supervisor.run()

    def greet(self, bind: str, port: int) -> None:
        """Say where the portal is and who can sign in."""
        if self.demo:
            settings.SITE_URL = child_environment(bind, port)["SMGOV_SITE_URL"]  # for links that are printed
            call_command("demo", "--people", stdout=self.stdout)
            if bind not in {"127.0.0.1", "::1", "localhost"}:
                self.stdout.write("Others may reach this address: anyone can use these passwords.")
        place = address(EVERYWHERE.get(bind, bind), port)
        self.stdout.write(f"\nThe portal is at http://{place}/  (Ctrl-C stops it)\n")
