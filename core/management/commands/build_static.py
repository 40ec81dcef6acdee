"""Prepare the page components that npm fetched, so that the portal may serve them.

GOV.UK Frontend's code is free to use (MIT), but its stylesheet also carries a licensed font and the
Royal crest, which are not ours to show: this portal is no GOV.UK service. Both are taken out here.
"""

import json
import re
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

FONT = 'system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",arial,sans-serif'
CROWN = re.compile(r"crest|crown|copyright-logo", re.IGNORECASE)
RULE = re.compile(r"[^{}]*\{[^{}]*\}")
LEFT_OUT = ("@font-face", "GDS Transport", "crest", "crown", "url(", "sourceMappingURL")
NOTICE = """GOV.UK Frontend {version}

Copyright (C) Crown Copyright (Government Digital Service)

Permission is hereby granted, free of charge, to any person obtaining a copy of
this software and associated documentation files (the "Software"), to deal in
the Software without restriction, including without limitation the rights to
use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of
the Software, and to permit persons to whom the Software is furnished to do so,
subject to the following conditions:

The above copyright notice and this permission notice shall be included in all
copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS
FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER
IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN
CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.

The stylesheet was changed: the font, the images and their rules are taken out.
"""


def clean_css(css: str) -> str:
    """The stylesheet without comments, fonts, images and crest, and with the system's own font."""
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    css = re.sub(r"@font-face\s*\{[^{}]*\}", "", css)
    css = re.sub(r"[\"']?GDS Transport[\"']?\s*,\s*arial\s*,\s*sans-serif", FONT, css, flags=re.IGNORECASE)
    css = re.sub(r"[\"']?GDS Transport[\"']?", "system-ui", css, flags=re.IGNORECASE)
    css = RULE.sub(lambda rule: _without_crown(rule.group(0)), css)
    css = re.sub(r"[-\w]+\s*:[^;{}]*url\([^)]*\)[^;{}]*;?", "", css)
    return _without_empty_rules(css).strip() + "\n"


def clean_js(script: str) -> str:
    """The script without the address of its source map, which is not served."""
    return re.sub(r"\s*//# sourceMappingURL=\S+\s*$", "", script).rstrip() + "\n"


def _without_crown(rule: str) -> str:
    """The rule, or nothing where it dresses the crest. An at-rule that opens before it stays open."""
    selectors, body = rule.split("{", 1)
    if not CROWN.search(selectors):
        return rule
    kept = [each for each in selectors.split(",") if not CROWN.search(each)]
    return ",".join(kept) + "{" + body if kept else ""


def _without_empty_rules(css: str) -> str:
    """Take out rules with nothing in them, and what surrounded only such rules."""
    while True:
        smaller = re.sub(r"[^{};]+\{\s*\}", "", css)
        if smaller == css:
            return css
        css = smaller


class Command(BaseCommand):
    """`manage.py build_static`: node_modules -> static/vendor. Run it before `collectstatic`."""

    help = "Prepares the page components (GOV.UK Frontend) in static/vendor from node_modules."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Where to read and where to write; the defaults are right for the portal."""
        base = Path(settings.BASE_DIR)
        parser.add_argument("--source", type=Path, default=base / "node_modules", help="the npm folder")
        parser.add_argument("--output", type=Path, default=base / "static" / "vendor", help="where to write")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the files; fails with one sentence when npm has not been run."""
        package = options["source"] / "govuk-frontend"
        dist = package / "dist" / "govuk"
        if not dist.is_dir():
            raise CommandError("The page components are missing: run “npm ci” in the project folder first.")
        version = json.loads((package / "package.json").read_text(encoding="utf-8"))["version"]
        css = clean_css((dist / "govuk-frontend.min.css").read_text(encoding="utf-8"))
        self._check(css)
        output: Path = options["output"]
        output.mkdir(parents=True, exist_ok=True)
        script = clean_js((dist / "govuk-frontend.min.js").read_text(encoding="utf-8"))
        for name, text in (
            ("govuk-frontend.min.css", css),
            ("govuk-frontend.min.js", script),
            ("govuk-frontend.LICENCE.txt", NOTICE.format(version=version)),
        ):
            (output / name).write_text(text, encoding="utf-8")
        self.stdout.write(f"Page components {version} are ready in {output.name}.")

    def _check(self, css: str) -> None:
        """Stop rather than serve what is not ours, should a later version be written differently."""
        left = [word for word in LEFT_OUT if word.lower() in css.lower()]
        if left:
            raise CommandError(f"The stylesheet still holds {', '.join(left)}: add a rule to build_static.")
        if css.count("{") != css.count("}"):
            raise CommandError("The stylesheet came out unbalanced: mend the rules of build_static.")
