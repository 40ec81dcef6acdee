"""The five policies and their 589 clauses, read from the files in `data/`.

The files hold references, shortened section headings and titles in our own words. They are the
only source: nothing in the portal writes these two tables but `load_reference`.
"""

import csv
from functools import cache
from pathlib import Path
from typing import Any

from django.db import connections, transaction
from django.db.models import Model

from policies.models import Clause, Policy

DATA = Path(__file__).resolve().parent / "data"
POLICY_FIELDS = ("name", "organisation", "preset", "edition", "next_review_text", "covers")
CLAUSE_FIELDS = ("policy_id", "section", "section_number", "number", "title")


def read_rows(name: str) -> list[dict[str, str]]:
    """The rows of one file of `data/`, in the order of the file."""
    with (DATA / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@cache
def clause_titles() -> dict[str, str]:
    """The title of every clause by its reference, read once a process: citing costs no query."""
    return {row["id"]: row["title"] for row in read_rows("clauses.csv")}


def split_ref(ref: str) -> tuple[str, int, int]:
    """The policy code, section number and clause number of a reference such as `STM-15.21`."""
    code, _, numbers = ref.partition("-")
    section, _, number = numbers.partition(".")
    return code, int(section), int(number)


def load_reference(using: str = "default") -> None:
    """Bring both tables in step with the files, in at most a handful of queries.

    What is unchanged is not written. A clause that left the files stays, because records of the
    rooms above may cite it.

    Args:
        using: alias of the database to load.
    """
    with transaction.atomic(using=using):
        _upsert(Policy, "code", POLICY_FIELDS, _policies(), using)
        codes = dict(Policy.objects.using(using).values_list("code", "pk"))
        _upsert(Clause, "ref", CLAUSE_FIELDS, _clauses(codes), using)


def load_after_migrate(using: str = "default", **_: Any) -> None:
    """Load after a migration of this app, unless the migration was the one that took the tables away."""
    wanted = {Policy._meta.db_table, Clause._meta.db_table}
    if wanted <= set(connections[using].introspection.table_names()):
        load_reference(using)


def _policies() -> list[Policy]:
    return [
        Policy(
            code=row["code"],
            name=row["name"],
            organisation=row["organisation"],
            preset=row["preset"],
            edition=row["edition"],
            next_review_text=row["next_review"],
            covers=row["covers"],
        )
        for row in read_rows("policies.csv")
    ]


def _clauses(codes: dict[str, int]) -> list[Clause]:
    clauses = []
    for row in read_rows("clauses.csv"):
        code, section_number, number = split_ref(row["id"])
        clauses.append(
            Clause(
                policy_id=codes[code],
                ref=row["id"],
                section=row["section"],
                section_number=section_number,
                number=number,
                title=row["title"],
            )
        )
    return clauses


def _upsert(model: type[Model], key: str, fields: tuple[str, ...], wanted: list, using: str) -> None:
    """Insert what is new and update what differs, both in bulk; leave every other row alone."""
    manager = model.objects.using(using)
    stored = {row[0]: row[1:] for row in manager.values_list(key, *fields)}
    changed = [
        row for row in wanted if stored.get(getattr(row, key)) != tuple(getattr(row, name) for name in fields)
    ]
    if changed:
        manager.bulk_create(
            changed,
            update_conflicts=True,
            unique_fields=[key],
            update_fields=[name.removesuffix("_id") for name in fields],
        )
