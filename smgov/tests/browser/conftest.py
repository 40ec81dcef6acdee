"""A real Chromium, axe, and a portal on a port of its own."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from people.models import User

ROOT = Path(__file__).resolve().parents[3]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The machine's own Chromium; the tests are skipped, and say so, where there is none."""
    path = next(
        (
            found
            for name in ("chromium", "chromium-browser", "google-chrome")
            if (found := shutil.which(name))
        ),
        "",
    )
    if not path:
        pytest.skip("needs Chromium: install it, then the browser tests run too")
    if not (ROOT / "static" / "vendor").is_dir():
        pytest.skip("needs the built static files: run smgov/bootstrap.py")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright's loop runs in this thread
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()
    os.environ.pop("DJANGO_ALLOW_ASYNC_UNSAFE")


@pytest.fixture
def open_as(chromium: Browser, live_server, settings) -> Iterator[Callable[..., Page]]:
    """`open_as(user, width=390, javascript=False)`: a fresh window, signed in as that person."""
    settings.SITE_URL = live_server.url
    contexts: list[BrowserContext] = []

    def open_window(user: User | None = None, *, width: int = 1280, javascript: bool = True) -> Page:
        context = chromium.new_context(
            viewport={"width": width, "height": 900},
            java_script_enabled=javascript,
            base_url=live_server.url,
            reduced_motion="reduce",
        )
        contexts.append(context)
        if user is not None:
            client = Client()
            client.force_login(user)
            cookie = client.cookies[settings.SESSION_COOKIE_NAME]
            context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.problems = []
        page.on("pageerror", lambda error: page.problems.append(str(error)))
        page.on(
            "console",
            lambda message: (
                page.problems.append(message.text) if "Content Security Policy" in message.text else None
            ),
        )
        return page

    yield open_window
    for context in contexts:
        for page in context.pages:
            assert page.problems == [], "a script failed or the content security policy was broken"
        context.close()


def check_page(page: Page, *, names: str = "") -> None:
    """axe finds nothing, nothing scrolls sideways, and every error link leads to its field."""
    page.evaluate(AXE.read_text())
    found = page.evaluate(
        "async () => (await axe.run(document, {resultTypes: ['violations']})).violations"
        ".map(v => v.id + ': ' + v.nodes.map(n => n.html.slice(0, 160)).join(' | '))"
    )
    assert found == [], f"{names or page.url}: {found}"
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{names or page.url} scrolls sideways by {wide} pixels"
    for link in page.locator(".govuk-error-summary a").all():
        target = link.get_attribute("href") or ""
        assert page.locator(target).count() == 1, f"the error link {target} leads nowhere"


@pytest.fixture
def check() -> Callable[..., None]:
    """The look at one page that every browser test takes."""
    return check_page
