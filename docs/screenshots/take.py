"""`make screenshots`: the pictures of the README, taken anew from a freshly loaded demo.

It needs the machine's Chromium. `--var FOLDER` keeps the demo there and uses it again the next time; names of
pictures after that take those alone: `.venv/bin/python docs/screenshots/take.py --var FOLDER home decide`.
"""

import argparse
import io
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import django
from PIL import Image
from playwright.sync_api import sync_playwright

FOLDER = Path(__file__).resolve().parent
ROOT = FOLDER.parents[1]
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
DESK, PHONE = 1280, 390
SCREENFUL = {DESK: 900, PHONE: 844}
LONGEST = 1500
"""A page up to so many pixels is shown whole, a longer one by its first screenful."""
COLOURS = 256
WAIT = 600
"""Seconds for the demo to load on a slow machine."""


def free_port() -> int:
    """A port on which nothing listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


PORT = free_port()
SITE = f"http://127.0.0.1:{PORT}"


@dataclass(frozen=True)
class Picture:
    """One picture: its file, who looks, where, how wide, and what is done before it is taken.

    `who` is a place and a role of the demo, empty for the public; `where` gets that person.
    """

    name: str
    who: str
    where: Callable
    width: int = DESK
    before: Callable | None = None


def pictures() -> list[Picture]:
    """All of them, in the order of the README; what they show is found among the demo's rows."""
    from django.db.models import Count
    from django.urls import reverse

    from accounts.access import request_rules
    from approvals.access import approval_rules
    from approvals.models import Stage, UnblockRequest
    from approvals.selectors import to_sign
    from consent.models import AnswerLink, Pupil
    from consent.services.links import children_of, token_of
    from incidents.concerns.access import concern_rules
    from incidents.models import Category, Status
    from people.access import school_rules
    from people.models import GovernanceProfile, Trust
    from policies.models import Review
    from policies.reviews.access import review_rules

    def page(name: str) -> Callable:
        return lambda user: reverse(name)

    def of(name: str, row: Callable, *more: str) -> Callable:
        return lambda user: reverse(name, args=[row(user).uuid, *more])

    def draft(user):
        return (
            request_rules.visible_to(user).filter(requested_by=user, approval=None, discarded_at=None).first()
        )

    def shut(user):
        rows = UnblockRequest.objects.filter(approval__in=approval_rules.visible_to(user).values("pk"))
        return rows.filter(stage=Stage.SHUT).first()

    def case(user):
        rows = concern_rules.visible_to(user).filter(status=Status.OPEN, category=Category.CYBERBULLYING)
        return rows.annotate(lines=Count("entries")).order_by("-lines").first()

    def review(user):
        return review_rules.visible_to(user).filter(state=Review.State.RATIFYING).first()

    def settings(user):
        profile = GovernanceProfile.objects.get(school=school_rules.visible_to(user).get())
        return f"{reverse('people:profile-detail', args=[profile.uuid])}?q=approval+account"

    def class_of(user):
        rows = Pupil.objects.filter(school__in=school_rules.visible_to(user), leaves_on=None, erased_at=None)
        return rows.order_by("class_name").last().class_name

    def ask(page, user):
        page.get_by_label(class_of(user), exact=True).check()
        page.get_by_label("Photographs", exact=True).check()
        page.get_by_label("social media accounts").first.check()
        page.get_by_label("In a group").check()
        page.locator("main").get_by_role("button", name="Check", exact=True).click()

    def no_danger(page, user):
        for _ in ("in danger", "an indecent image"):
            page.get_by_label("No", exact=True).check()
            page.get_by_role("button", name="Continue").click()

    def parent(user):
        links = AnswerLink.objects.filter(contact__isnull=False, revoked_at=None).order_by("pk")
        link = links.annotate(children=Count("contact__ties")).filter(children__gte=2).first()
        return reverse("consent:answer-child", args=[token_of(link), children_of(link)[0].uuid])

    return [
        Picture("home", "ashgrove headteacher", page("home")),
        Picture(
            "decide", "ashgrove headteacher", of("approvals:request-detail", lambda user: to_sign(user)[0])
        ),
        Picture("request", "stcedds staff", of("accounts:request-detail", draft)),
        Picture("register", "trust head_of_comms", page("accounts:account-list")),
        Picture("settings", "stcedds headteacher", settings),
        Picture(
            "official", "", lambda user: reverse("accounts:official-trust", args=[Trust.objects.get().slug])
        ),
        Picture("blocked-site", "millbrook headteacher", of("approvals:unblock-detail", shut)),
        Picture("statement", "stcedds headteacher", page("approvals:statement")),
        Picture("decisions", "trust head_of_comms", page("approvals:decision-list")),
        Picture(
            "consent-register",
            "millbrook office",
            lambda user: f"{reverse('consent:register')}?class_name={class_of(user)}",
        ),
        Picture("consent-coverage", "millbrook office", page("consent:coverage")),
        Picture("concern-board", "stcedds dsl", page("incidents:board")),
        Picture("concern-case", "stcedds dsl", of("incidents:case", case)),
        Picture("abuse-figures", "stcedds headteacher", page("incidents:abuse-figures")),
        Picture("comments-board", "thornwick head_of_comms", page("incidents:comment-list")),
        Picture("policy-review", "trust head_of_comms", of("policies:review-detail", review)),
        Picture("training", "stcedds headteacher", page("policies:training-list")),
        Picture("term-report", "stcedds headteacher", page("policies:term-report")),
        Picture("home-phone", "ashgrove headteacher", page("home"), PHONE),
        Picture(
            "decide-phone",
            "ashgrove headteacher",
            of("approvals:request-detail", lambda user: to_sign(user)[0]),
            PHONE,
        ),
        Picture("section-phone", "stcedds staff", of("accounts:request-section", draft, "account"), PHONE),
        Picture("network-phone", "stcedds staff", page("approvals:network-home"), PHONE),
        Picture("stop-phone", "stcedds staff", page("incidents:report-stop"), PHONE),
        Picture("consent-check-phone", "millbrook staff", page("consent:check"), PHONE, ask),
        Picture("consent-parent-phone", "", parent, PHONE),
        Picture("concern-danger-phone", "stcedds staff", page("incidents:concern-start"), PHONE),
        Picture("concern-report-phone", "stcedds staff", page("incidents:concern-start"), PHONE, no_danger),
    ]


def person_of(who: str):
    """The demo's person of a place and a role: one of the printed table where it has one."""
    from people.models import User
    from smgov.demo.people import PEOPLE, TO_TRY, addresses

    place, role = who.split()
    names = [name for name, roles in PEOPLE[place].items() if role in roles.replace("/", " ").split()]
    return User.objects.get(email=addresses()[min(names, key=lambda name: name not in TO_TRY)])


def start_portal(stack: ExitStack) -> None:
    """The portal on a port of its own, its demo loaded; it stops with the stack.

    Raises SystemExit when it does not answer in time.
    """
    command = [sys.executable, str(ROOT / "manage.py"), "portal", "--port", str(PORT)]
    portal = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    stack.callback(portal.wait)
    stack.callback(portal.terminate)
    until = time.monotonic() + WAIT
    while time.monotonic() < until and portal.poll() is None:
        try:
            with urllib.request.urlopen(f"{SITE}/health", timeout=10):
                return
        except urllib.error.URLError:
            time.sleep(1)
    sys.exit("The portal did not start: its own message is above.")


def open_page(browser, picture: Picture):
    """A fresh window at the picture's page, signed in as its person, with everything done before."""
    from django.conf import settings
    from django.test import Client

    user = person_of(picture.who) if picture.who else None
    size = {"width": picture.width, "height": SCREENFUL[picture.width]}
    context = browser.new_context(viewport=size, base_url=SITE, reduced_motion="reduce")
    if user:
        client = Client()
        client.force_login(user)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME]
        context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": SITE}])
    page = context.new_page()
    answer = page.goto(picture.where(user))
    if answer.status != 200:
        sys.exit(f"{picture.name}: {page.url} answers {answer.status}.")
    if picture.before:
        picture.before(page, user)
        page.wait_for_load_state()
    return page


def take(browser, picture: Picture) -> None:
    """Take one picture and write it as a small file."""
    page = open_page(browser, picture)
    tall = page.evaluate("document.documentElement.scrollHeight")
    image = Image.open(io.BytesIO(page.screenshot(full_page=tall <= LONGEST)))
    path = FOLDER / f"{picture.name}.png"
    image.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)
    page.context.close()
    print(f"{path.name}: {image.width} x {image.height}, {path.stat().st_size // 1024} KB", flush=True)


def main() -> None:
    """Start the portal, take the pictures, stop it."""
    parser = argparse.ArgumentParser(description="Take the README's pictures.")
    parser.add_argument("--var", help="keep the demo in this folder, and use it again")
    parser.add_argument("names", nargs="*", help="pictures to take; all of them by default")
    wanted = parser.parse_args()
    chromium = next(filter(None, map(shutil.which, BROWSERS)), None) or sys.exit("Chromium was not found.")
    with ExitStack() as stack:
        folder = wanted.var or stack.enter_context(tempfile.TemporaryDirectory(prefix="pictures-"))
        for name in [name for name in os.environ if name.startswith("SMGOV_")]:
            del os.environ[name]  # never the database of an installation
        os.environ.update(SMGOV_VAR=folder, SMGOV_SITE_URL=SITE, DJANGO_SETTINGS_MODULE="smgov.settings")
        start_portal(stack)
        sys.path.insert(0, str(ROOT))
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright's loop runs in this thread
        django.setup()
        playwright = stack.enter_context(sync_playwright())
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        stack.callback(browser.close)
        for picture in pictures():
            if not wanted.names or picture.name in wanted.names:
                take(browser, picture)


if __name__ == "__main__":
    main()
