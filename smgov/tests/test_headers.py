"""Every answer carries the whole set of security headers (quality C3)."""

import re
from pathlib import Path

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path

from core import csvfiles
from core.access import public
from core.roles import Role
from smgov.testing import a_person, a_school

pytestmark = pytest.mark.django_db


@public
def broken(request: HttpRequest) -> HttpResponse:
    """A page that fails."""
    raise ZeroDivisionError


@public
def download(request: HttpRequest) -> HttpResponse:
    """A file to download."""
    return csvfiles.response("a.csv", ["a"], [["=1+1"]])


def undeclared(request: HttpRequest) -> HttpResponse:
    """A page that forgot to declare its access."""
    return HttpResponse("secret")


urlpatterns = [
    path("broken", broken),
    path("download", download),
    path("undeclared", undeclared),
    path("", include("smgov.urls")),
]


@pytest.fixture
def web(settings, tmp_path: Path) -> Client:
    """The portal as in production, over HTTPS, with one static file."""
    settings.ROOT_URLCONF = __name__
    settings.SECURE_HSTS_SECONDS = 31536000
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    settings.SECURE_SSL_REDIRECT = True
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"
    settings.STATIC_ROOT = tmp_path / "static"
    settings.STATIC_ROOT.mkdir()
    (settings.STATIC_ROOT / "a.css").write_text("p{}")
    return Client(raise_request_exception=False)


def missing_headers(response: HttpResponse, *, secure: bool = True) -> list[str]:
    """What an answer lacks."""
    policy = response.get("Content-Security-Policy", "")
    wanted = {
        "nosniff": response.get("X-Content-Type-Options") == "nosniff",
        "frame": response.get("X-Frame-Options") == "DENY",
        "referrer": response.get("Referrer-Policy") == "same-origin",
        "csp": "default-src 'none'" in policy and "frame-ancestors 'none'" in policy,
        "no inline": "unsafe" not in policy,
        "hsts": not secure
        or "max-age=31536000; includeSubDomains" in response.get("Strict-Transport-Security", ""),
    }
    return [name for name, there in wanted.items() if not there]


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/sign-in/", 200),
        ("/health", 200),
        ("/", 302),
        ("/download", 200),
        ("/undeclared", 302),
        ("/nothing/", 404),
        ("/broken", 500),
        ("/static/a.css", 200),
        ("/static/none.css", 404),
    ],
)
def test_every_answer_has_every_header(web: Client, address: str, status: int) -> None:
    response = web.get(address, secure=True)
    assert response.status_code == status
    assert missing_headers(response) == []


def test_a_redirect_to_https_and_a_wrong_host_have_them_too(web: Client) -> None:
    plain = web.get("/sign-in/")
    assert (plain.status_code, plain["Location"][:8]) == (301, "https://")
    assert missing_headers(plain, secure=False) == []
    wrong = web.get("/", headers={"host": "evil.example.com"}, secure=True)
    assert wrong.status_code == 400
    assert missing_headers(wrong) == []


def test_a_page_that_declares_no_access_is_refused_to_everybody(web: Client) -> None:
    user = a_person("Hal Hill", Role.HEADTEACHER, a_school())
    web.force_login(user)
    response = web.get("/undeclared", secure=True)
    assert response.status_code == 403
    assert b"secret" not in response.content
    assert missing_headers(response) == []


def test_signed_in_pages_are_never_stored_and_cookies_are_host_only(web: Client) -> None:
    user = a_person("Hal Hill", Role.HEADTEACHER, a_school())
    web.force_login(user)
    response = web.get("/", secure=True)
    assert "no-store" in response["Cache-Control"]
    form = web.get("/sign-in/", secure=True)
    for page in (response, form):
        for cookie in page.cookies.values():
            assert cookie.key.startswith("__Host-")
            assert cookie["secure"]
            assert cookie["httponly"]
            assert cookie["path"] == "/"
            assert not cookie["domain"]


def test_no_template_holds_an_inline_script_or_style() -> None:
    root = Path(__file__).resolve().parents[2]
    for page in [*root.glob("templates/**/*.html"), *root.glob("*/templates/**/*.html")]:
        if "node_modules" in page.parts or ".venv" in page.parts:
            continue
        text = page.read_text()
        assert not re.search(r"<script(?![^>]*\bsrc=)", text), page
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=", text), page
