"""Real processes to break: workers, clocks, a Redis of its own, and a mail server that can refuse."""

import os
import signal
import socketserver
import sqlite3
import subprocess
import sys
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from email import message_from_bytes
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import redis
from django.conf import settings
from django.db import connection

from smgov.tests.test_portal_command import descendants, free_port, portal_environment, wait_for

MANAGE = Path(settings.BASE_DIR, "manage.py")
WORKER = ("-P", "threads", "-c", "2", "--prefetch-multiplier", "1")
QUIET = ("--without-gossip", "--without-mingle", "--without-heartbeat", "-l", "error")


class Letterbox(socketserver.ThreadingTCPServer):
    """A mail server on this machine. It keeps the Message-ID of all that it took, and refuses when told to.

    `taken` is called with the number of mails so far after a mail was taken and before the sender is told:
    the worst moment for the sender to be killed.
    """

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Session)
        self.got: list[tuple[str, str]] = []
        self.refusing = False
        self.refused = 0
        self.slowness = 0.0
        self.taken: Callable[[int], None] = lambda number: None
        self.lock = threading.Lock()
        threading.Thread(target=self.serve_forever, args=(0.1,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.server_address[1]}"

    def take(self, mail: bytes, to: str) -> None:
        time.sleep(self.slowness)
        with self.lock:
            self.got.append((message_from_bytes(mail)["Message-ID"], to))
            number = len(self.got)
        self.taken(number)

    def wait_for(self, more: int, at_most: float) -> None:
        """Wait until so many more mails were taken or refused, for so many seconds at most."""
        until = time.monotonic() + at_most
        enough = len(self.got) + self.refused + more
        while len(self.got) + self.refused < enough and time.monotonic() < until:
            time.sleep(0.005)

    def copies(self) -> Counter[tuple[str, str]]:
        """How often each mail arrived, by its Message-ID and address."""
        with self.lock:
            return Counter(self.got)


class _Session(socketserver.StreamRequestHandler):
    server: Letterbox

    def say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())

    def handle(self) -> None:
        try:
            self.talk()
        except OSError:
            pass  # the sender was killed

    def talk(self) -> None:
        self.say("220 letterbox")
        to = ""
        while line := self.rfile.readline():
            word = line.split(b" ")[0].strip().upper()
            if word == b"RCPT":
                to = line.decode().strip()
            if word == b"MAIL" and self.server.refusing:
                self.server.refused += 1
                self.say("451 not now")
            elif word == b"DATA":
                self.say("354 go on")
                body = b""
                while (more := self.rfile.readline()) not in (b".\r\n", b""):
                    body += more
                self.server.take(body, to)
                self.say("250 taken")
            elif word == b"QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 letterbox")


class OwnRedis:
    """A Redis of the test's own, which can be stopped and started again with nothing in it."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.start()

    def start(self) -> None:
        self.process = subprocess.Popen(
            [
                "redis-server",
                "--port",
                str(self.port),
                "--bind",
                "127.0.0.1",
                "--save",
                "",
                "--dir",
                str(self.folder),
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        wait_for(self.answers, "a Redis that answers")

    def answers(self) -> bool:
        try:
            return bool(redis.Redis.from_url(self.url, socket_connect_timeout=1).ping())
        except redis.RedisError:
            return False

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


class Fleet:
    """The processes of a portal in one place, on a copy of the test's database; all are ended at the end."""

    def __init__(
        self,
        var: Path,
        letterbox: Letterbox,
        *,
        clock: datetime,
        speed: float,
        redis_url: str = "",
        control: str = "",
    ) -> None:
        var.mkdir(parents=True, exist_ok=True)
        self.var, self.redis_url, self.prefix = var, redis_url, f"faults-{uuid.uuid4().hex}:"
        self.clock, self.speed, self.began = clock, speed, time.time()
        self.kills = 0
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.said = (var / "said").open("ab")
        self.env = {
            **portal_environment(var),
            "DJANGO_SETTINGS_MODULE": "smgov.tests.faulty_settings",
            "SMGOV_EMAIL_URL": letterbox.url,
            "FAULTY_BEGAN": str(self.began),
            "FAULTY_CLOCK": clock.isoformat(),
            "FAULTY_SPEED": str(speed),
            "FAULTY_PREFIX": self.prefix,
            "FAULTY_CONTROL": control,
            **({"SMGOV_REDIS_URL": redis_url} if redis_url else {}),
        }
        self._share_database()

    def _share_database(self) -> None:
        """On SQLite a copy in a file, in WAL mode as the portal runs; on PostgreSQL the test's own database."""
        if connection.vendor == "sqlite":
            connection.ensure_connection()
            self.file = self.var / "portal.sqlite3"
            copy = sqlite3.connect(self.file)
            connection.connection.backup(copy)
            copy.execute("PRAGMA journal_mode=WAL")
            copy.close()
            return
        told = connection.settings_dict
        who = f"{quote(told['USER'])}:{quote(told['PASSWORD'] or '')}@{told['HOST']}:{told['PORT'] or 5432}"
        self.env["SMGOV_DATABASE_URL"] = f"postgres://{who}/{told['NAME']}"

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        """What the processes have written."""
        if connection.vendor == "sqlite":
            asked = sqlite3.connect(self.file, timeout=20)
            try:
                return asked.execute(sql).fetchall()
            finally:
                asked.close()
        with connection.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchall()

    def start(self, name: str) -> None:
        """Start a worker ("worker 1"), a clock ("beat 1") or a whole portal without Redis ("portal")."""
        self.running[name] = subprocess.Popen(
            self.command(name), env=self.env, stdout=self.said, stderr=self.said, start_new_session=True
        )

    def command(self, name: str) -> list[str]:
        base = [sys.executable, "-m", "celery", "-A", "smgov"]
        if name.startswith("worker"):
            return [*base, "worker", *WORKER, *QUIET, "-n", f"{name.replace(' ', '')}@here"]
        if name.startswith("beat"):
            schedule = str(self.var / name.replace(" ", ""))
            return [*base, "beat", "-l", "error", "--pidfile=", "-s", schedule]
        return [sys.executable, str(MANAGE), "portal", "--no-demo", "--port", str(free_port())]

    def kill(self, name: str, *, again: bool = True) -> None:
        """SIGKILL, with all that it started; then another one."""
        process = self.running.pop(name)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        self.kills += 1
        if again:
            self.start(name)

    def kill_child(self, name: str, child: str) -> None:
        """SIGKILL to a child of a portal, its "worker" or "beat"; the portal starts another one."""
        below = descendants(self.running[name].pid)
        for pid in [pid for pid, words in below.items() if f"--child {child}" in words]:
            os.kill(pid, signal.SIGKILL)
            self.kills += 1

    def now(self) -> datetime:
        """What time it is for them."""
        return self.clock + timedelta(seconds=(time.time() - self.began) * self.speed)

    def runs(self) -> bool:
        """Whether all of them still run, the killed ones' successors included."""
        return all(process.poll() is None for process in list(self.running.values()))

    def output(self) -> str:
        """All that they have printed."""
        return (self.var / "said").read_text(errors="replace")

    def end(self) -> None:
        """End all of them, and what they left in Redis."""
        for process in self.running.values():
            try:
                os.killpg(process.pid, signal.SIGTERM)
                process.wait(15)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
            except ProcessLookupError:
                process.wait()
        self.said.close()
        if self.redis_url:
            server = redis.Redis.from_url(self.redis_url)
            try:
                keys = list(server.scan_iter(f"{self.prefix}*"))
                if keys:
                    server.delete(*keys)
            except redis.RedisError:
                pass


def the_redis() -> str:
    """The Redis of the tests; without one the test is skipped (in CI it fails)."""
    url = os.environ.get("SMGOV_TEST_REDIS_URL", "")
    if not url:
        pytest.skip("needs Redis (SMGOV_TEST_REDIS_URL)")
    return url
