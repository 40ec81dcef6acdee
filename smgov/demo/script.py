"""Reading the plans: requests for accounts in every state, as TOML files in the folder `plans`.

A plan says who asks for what, and then what happened, oldest first, as "days ago, what, who: words":

- `start` a draft with every answer, `half` one that stops on the second page, `discard` it;
- `ask` for advice on purpose and content, `tech` for technical help, `reply` or `help` with an answer;
- `send` it, also again; `yes`, `no` and `return` by a signer; `mend` an answer; `withdraw` it;
- `live`: the asker records that the approved account is live.
"""

import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "plans"
_STEP = re.compile(r"(?P<days>\d+) (?P<what>[a-z]+)(?: (?P<who>[^:]+))?(?:: (?P<words>.+))?")


@dataclass(frozen=True)
class Step:
    """One thing that happened to a request."""

    days: int
    what: str
    who: str = ""
    words: str = ""

    @classmethod
    def read(cls, text: str) -> "Step":
        """A step from its line. Raises ValueError for a line that is none."""
        found = _STEP.fullmatch(text)
        if found is None:
            raise ValueError(f"not a step of a plan: {text}")
        return cls(int(found["days"]), found["what"], found["who"] or "", found["words"] or "")


@dataclass(frozen=True)
class Plan:
    """One request. The asker and `second` would run the account, unless `people` names others by question."""

    school: str
    asker: str
    second: str
    name: str
    kind: str
    platform: str
    handle: str
    aims: str
    steps: tuple[Step, ...]
    people: dict[str, list[str]] = field(default_factory=dict)
    answers: dict[str, Any] = field(default_factory=dict)


def plans() -> list[Plan]:
    """Every plan of every file."""
    found = []
    for path in sorted(FOLDER.glob("*.toml")):
        for table in tomllib.loads(path.read_text(encoding="utf-8"))["plan"]:
            steps = tuple(Step.read(line) for line in table.pop("steps"))
            found.append(Plan(steps=steps, **table))
    return found
