"""The page components that the portal serves carry nothing that is not ours to show (design, section 9)."""

from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.core.management import call_command
from django.core.management.base import CommandError

from core.management.commands.build_static import Command, clean_css, clean_js

NODE_MODULES = Path(django_settings.BASE_DIR) / "node_modules"
needs_npm = pytest.mark.skipif(
    not (NODE_MODULES / "govuk-frontend").is_dir(), reason="needs the page components: run npm ci first"
)
STYLES = (
    '@charset "UTF-8";/*! font notice */@font-face{font-family:GDS Transport;src:url(/f.woff2)}'
    ".a,.b{font-family:GDS Transport,arial,sans-serif}.c{color:red;background:url(/x.svg);margin:0}"
    "@media print{.govuk-footer__crest{margin:0}}"
    "@supports (mask:none){.govuk-footer__copyright-logo:before,.d{width:1px}}"
    "/*# sourceMappingURL=a.css.map */"
)


def build(output: Path, **options) -> str:
    said = StringIO()
    call_command(Command(), output=output, stdout=said, **options)
    return said.getvalue()


def test_styles_lose_font_crest_images_and_comments():
    clean = clean_css(STYLES)
    for gone in ("@font-face", "GDS", "crest", "copyright-logo", "url(", "/*", "print"):
        assert gone not in clean
    assert '.a,.b{font-family:system-ui,-apple-system,"Segoe UI"' in clean
    assert ".c{color:red;margin:0}" in clean
    assert "@supports (mask:none){.d{width:1px}}" in clean


def test_script_loses_the_address_of_its_map():
    assert clean_js("go();//# sourceMappingURL=a.js.map\n") == "go();\n"


def test_without_npm_the_command_says_what_to_do(tmp_path):
    with pytest.raises(CommandError, match="run “npm ci”"):
        build(tmp_path / "vendor", source=tmp_path / "nothing")
    assert not (tmp_path / "vendor").exists()


def test_a_stylesheet_written_in_another_way_stops_the_command(tmp_path):
    dist = tmp_path / "govuk-frontend" / "dist" / "govuk"
    dist.mkdir(parents=True)
    (tmp_path / "govuk-frontend" / "package.json").write_text('{"version": "99"}')
    (dist / "govuk-frontend.min.js").write_text("")
    (dist / "govuk-frontend.min.css").write_text(".logo{content:'royal crest'}")
    with pytest.raises(CommandError, match="crest"):
        build(tmp_path / "vendor", source=tmp_path)


@needs_npm
def test_what_is_served_has_no_font_no_crest_and_no_outside_file(tmp_path):
    assert "6.6.0" in build(tmp_path)
    css = (tmp_path / "govuk-frontend.min.css").read_text()
    for gone in ("@font-face", "gds transport", "crest", "crown", "url(", "sourcemappingurl", "/assets/"):
        assert gone not in css.lower()
    assert "--govuk-brand-colour" in css
    assert "system-ui" in css
    assert css.count("{") == css.count("}")
    assert "sourceMappingURL" not in (tmp_path / "govuk-frontend.min.js").read_text()
    assert {path.suffix for path in tmp_path.iterdir()} == {".css", ".js", ".txt"}


@needs_npm
def test_building_twice_gives_the_same_bytes(tmp_path):
    build(tmp_path)
    first = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    build(tmp_path)
    assert first == {path.name: path.read_bytes() for path in tmp_path.iterdir()}


@needs_npm
def test_collectstatic_with_a_manifest_finds_every_file(tmp_path, settings):
    build(tmp_path / "built" / "vendor")
    settings.STATICFILES_DIRS = [Path(settings.BASE_DIR) / "static", tmp_path / "built"]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STATIC_ROOT = tmp_path / "collected"
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
    }
    call_command("collectstatic", interactive=False, verbosity=0)
    assert list((tmp_path / "collected" / "vendor").glob("govuk-frontend.min.*.css.gz"))
    assert list((tmp_path / "collected").glob("portal.*.css"))


def test_own_files_hold_nothing_inline_or_outside():
    own = Path(django_settings.BASE_DIR) / "static"
    for name in ("portal.css", "boxes.css", "lists.css", "print.css", "portal.js", "start.js", "favicon.svg"):
        text = (own / name).read_text()
        assert "url(" not in text
        assert "@import" not in text
        assert "http" not in text.replace("http://www.w3.org/2000/svg", "")
