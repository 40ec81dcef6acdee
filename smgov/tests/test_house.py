"""The rules of the house, read from the code itself (design, section 1; style, "House style")."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from io import StringIO
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command

from core.audit import ACTIONS
from core.notices import KINDS

ROOT = Path(settings.BASE_DIR)
FLOORS = ["core", "people", "approvals", "policies", "accounts", "consent", "posts", "incidents", "smgov"]
"""From the ground up: a room imports only from rooms below it."""
MOST_LINES = 400
TEST_ONLY = {"smgov/testing.py", "smgov/testing_consent.py", "conftest.py"}


@cache
def files() -> tuple[Path, ...]:
    """Every first-party Python file but tests and migrations."""
    found = [ROOT / "manage.py"]
    for room in (*FLOORS, "bench"):
        found += sorted((ROOT / room).rglob("*.py"))
    return tuple(path for path in found if not {"tests", "migrations"} & set(path.relative_to(ROOT).parts))


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(), filename=name(path))


def imports(node: ast.AST) -> list[str]:
    """The rooms that a statement imports from."""
    if isinstance(node, ast.Import):
        modules = [alias.name for alias in node.names]
    elif isinstance(node, ast.ImportFrom):
        assert node.level == 0, "a relative import hides its room"
        modules = [node.module or ""]
    else:
        return []
    return [module.split(".")[0] for module in modules if module.split(".")[0] in FLOORS]


def functions(node: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for child in ast.walk(node):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
            yield child


def strings(node: ast.AST) -> set[str]:
    return {n.value for n in ast.walk(node) if isinstance(n, ast.Constant) and isinstance(n.value, str)}


# Floors


def climbs(path: Path) -> list[str]:
    """Imports of a file that go up."""
    room = name(path).split("/")[0]
    if room not in FLOORS:
        return []
    own = FLOORS.index(room)
    return [
        f"{name(path)}:{node.lineno} imports {above}"
        for node in ast.walk(tree(path))
        for above in imports(node)
        if FLOORS.index(above) > own
    ]


def test_no_import_climbs() -> None:
    assert not [line for path in files() if name(path) not in TEST_ONLY for line in climbs(path)]


def test_no_room_imports_the_builders_of_tests() -> None:
    found = [
        f"{name(path)}:{node.lineno}"
        for path in files()
        if name(path) not in TEST_ONLY
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(("smgov.testing", "conftest"))
    ]
    assert not found


def test_no_room_is_imported_inside_a_function() -> None:
    """But in AppConfig.ready, and in `bench`, which is no room and must set Django up first."""
    found = []
    for path in (path for path in files() if name(path).split("/")[0] != "bench"):
        ready = {
            id(f)
            for cls in ast.walk(tree(path))
            if isinstance(cls, ast.ClassDef) and any("AppConfig" in ast.unparse(base) for base in cls.bases)
            for f in cls.body
            if isinstance(f, ast.FunctionDef) and f.name == "ready"
        }
        for function in functions(tree(path)):
            if id(function) not in ready:
                found += [
                    f"{name(path)}:{node.lineno} {function.name}"
                    for node in ast.walk(function)
                    if imports(node)
                ]
    assert not found


def test_every_room_that_exists_stands_on_its_floor() -> None:
    installed = {config.name: Path(config.path) for config in apps.get_app_configs()}
    own = {name for name, path in installed.items() if path.parent == ROOT}
    assert {app.split(".")[0] for app in own} <= set(FLOORS)


# Size and words


def test_no_file_is_longer_than_four_hundred_lines() -> None:
    long = {name(path): n for path in files() if (n := path.read_text().count("\n")) > MOST_LINES}
    assert not long


@cache
def classes() -> dict[str, ast.ClassDef]:
    """Every class of ours that stands in a module, by its name."""
    return {n.name: n for path in files() for n in tree(path).body if isinstance(n, ast.ClassDef)}


def told_above(cls: ast.ClassDef, method: str) -> bool:
    """Whether a class of ours that this one builds on says already what the method is for."""
    for base in cls.bases:
        above = classes().get(ast.unparse(base).split(".")[-1].split("[")[0])
        if above is None or above is cls:
            continue
        own = next((n for n in above.body if isinstance(n, ast.FunctionDef) and n.name == method), None)
        if (own is not None and ast.get_docstring(own)) or told_above(above, method):
            return True
    return False


def undocumented(path: Path) -> Iterator[str]:
    """Public classes and functions of a module, and public methods, without a docstring."""
    inside: list[tuple[str, ast.AST]] = [("", tree(path))]
    while inside:
        prefix, parent = inside.pop()
        for node in getattr(parent, "body", []):
            if not isinstance(
                node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
            ) or node.name.startswith("_"):
                continue
            if prefix and isinstance(node, ast.ClassDef):
                continue  # Meta, Media and choices belong to the class around them
            if ast.get_docstring(node) is None and not (prefix and told_above(parent, node.name)):
                yield f"{name(path)}:{node.lineno} {prefix}{node.name}"
            if isinstance(node, ast.ClassDef):
                inside.append((f"{node.name}.", node))


def test_every_public_class_and_function_says_what_it_is_for() -> None:
    silent = [name(path) for path in files() if tree(path).body and ast.get_docstring(tree(path)) is None]
    assert not [*silent, *(line for path in files() for line in undocumented(path))]


def own_text() -> list[Path]:
    """Python, templates, styles and scripts of ours, tests included."""
    found = list(files())
    for room in FLOORS:
        found += (ROOT / room).glob("**/tests/**/*.py")
    for folder in ("templates", "static"):
        found += [p for p in (ROOT / folder).rglob("*") if p.suffix in {".html", ".css", ".js", ".txt"}]
    return [p for p in found if "vendor" not in p.parts]


def test_nothing_is_left_for_later() -> None:
    later = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X)\b")
    found = [
        f"{name(path)}:{number}"
        for path in own_text()
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        if later.search(line)
    ]
    assert not found


def test_no_template_carries_a_style_or_a_script_of_its_own() -> None:
    """The content security policy allows neither."""
    inline = re.compile(r"<style|\sstyle=|<script(?![^>]*\ssrc=)|\son[a-z]+=[\"']|javascript:", re.I)
    found = [
        f"{name(path)}:{number}"
        for path in (ROOT / "templates").rglob("*.html")
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        if inline.search(line)
    ]
    assert not found


# Registries


def first_words(call: str) -> dict[str, list[str]]:
    """The texts that calls of `record` or `notify` may begin with, each with its places."""
    found: dict[str, list[str]] = {}
    for path in files():
        for node in ast.walk(tree(path)):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            if getattr(node.func, "id", getattr(node.func, "attr", "")) == call:
                for text in strings(node.args[0]):
                    found.setdefault(text, []).append(f"{name(path)}:{node.lineno}")
    return found


def used_anywhere(registering: str) -> set[str]:
    """Every text in the code but where such things are registered."""
    return {text for path in files() if path.name != registering for text in strings(tree(path))}


@pytest.mark.parametrize(
    ("call", "registry", "registering"),
    [("record", ACTIONS, "audit_actions.py"), ("notify", KINDS, "notice_kinds.py")],
    ids=["audit actions", "notice kinds"],
)
def test_a_registry_is_complete_and_nothing_in_it_is_idle(
    call: str, registry: dict, registering: str
) -> None:
    words = first_words(call)
    assert len(words) > 10, "the reader of the code finds the calls"
    unregistered = {text: where for text, where in words.items() if "." in text and text not in registry}
    assert not unregistered
    idle = sorted(set(registry) - used_anywhere(registering))
    assert not idle


def test_every_name_in_a_registry_begins_with_its_room() -> None:
    wrong = [text for text in (*ACTIONS, *KINDS) if text.split(".")[0] not in FLOORS]
    assert not wrong


# Databases


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    said = StringIO()
    try:
        call_command("makemigrations", check=True, dry_run=True, stdout=said, verbosity=1)
    except SystemExit:
        pytest.fail(said.getvalue())


def nullable(model: type, road: str) -> bool:
    """Whether a join along `a__b` may find nothing."""
    for step in road.split("__"):
        field = model._meta.get_field(step)
        if field.null:
            return True
        model = field.related_model
    return False


def chain(call: ast.Call) -> Iterator[ast.Call]:
    """A call and those before it in `rows.filter(…).select_related(…)`."""
    node: ast.AST = call
    while isinstance(node, ast.Call | ast.Attribute):
        if isinstance(node, ast.Call):
            yield node
            node = node.func
        else:
            node = node.value


def test_a_lock_over_a_join_that_may_be_empty_names_its_own_table() -> None:
    """PostgreSQL refuses FOR UPDATE on the nullable side of an outer join; SQLite says nothing."""
    models = {model.__name__: model for model in apps.get_models()}
    found = []
    for path in files():
        for call in ast.walk(tree(path)):
            links = list(chain(call)) if isinstance(call, ast.Call) else []
            verbs = {getattr(link.func, "attr", ""): link for link in links}
            lock, join = verbs.get("select_for_update"), verbs.get("select_related")
            model = models.get(ast.unparse(lock.func).split(".")[0]) if lock else None
            if not (lock and join and model) or any(word.arg == "of" for word in lock.keywords):
                continue
            if any(nullable(model, road) for road in strings(join) if road):
                found.append(f"{name(path)}:{call.lineno}")
    assert not found


# The control: each reader finds a fault that was put there for it


def test_the_readers_find_what_they_are_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(globals(), "ROOT", tmp_path)
    bad = tmp_path / "core" / "bad.py"
    bad.parent.mkdir()
    bad.write_text(
        "from people.models import User\n\n\ndef silent():\n    pass\n\n\nclass Mute:\n    def say(self): ...\n"
    )
    assert climbs(bad) == ["core/bad.py:1 imports people"]
    assert sorted(undocumented(bad)) == [
        "core/bad.py:4 silent",
        "core/bad.py:8 Mute",
        "core/bad.py:9 Mute.say",
    ]
