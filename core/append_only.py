"""Tables that are only ever added to, and the triggers that hold them so (design, section 4)."""

from typing import Any

from django.db import connections, models, transaction

APPEND_ONLY: list[type[models.Model]] = []

_SQLITE = {
    "no_update": "CREATE TRIGGER {name} BEFORE UPDATE ON {table} "
    "BEGIN SELECT RAISE(ABORT, '{table} is only ever added to'); END",
    "no_delete": "CREATE TRIGGER {name} BEFORE DELETE ON {table} "
    "BEGIN SELECT RAISE(ABORT, '{table} is only ever added to'); END",
    # INSERT OR REPLACE deletes without a DELETE trigger whatever stands in the new row's way.
    "no_replace": "CREATE TRIGGER {name} BEFORE INSERT ON {table} WHEN {taken} "
    "BEGIN SELECT RAISE(ABORT, '{table} is only ever added to'); END",
}
_POSTGRES_FUNCTION = (
    "CREATE OR REPLACE FUNCTION append_only_refuse() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION '% is only ever added to', TG_TABLE_NAME; END $$"
)
_POSTGRES = {
    "no_update": "CREATE OR REPLACE TRIGGER {name} BEFORE UPDATE ON {table} "
    "FOR EACH ROW EXECUTE FUNCTION append_only_refuse()",
    "no_delete": "CREATE OR REPLACE TRIGGER {name} BEFORE DELETE ON {table} "
    "FOR EACH ROW EXECUTE FUNCTION append_only_refuse()",
    "no_truncate": "CREATE OR REPLACE TRIGGER {name} BEFORE TRUNCATE ON {table} "
    "FOR EACH STATEMENT EXECUTE FUNCTION append_only_refuse()",
}


def append_only(model: type[models.Model]) -> type[models.Model]:
    """Declare a model append-only. The decorator is the registry; a test proves the triggers."""
    APPEND_ONLY.append(model)
    return model


def trigger_names(model: type[models.Model], vendor: str) -> list[str]:
    """The names of the triggers that a declared table must have on this kind of database."""
    kinds = _SQLITE if vendor == "sqlite" else _POSTGRES
    return [f"{model._meta.db_table}_{kind}" for kind in kinds]


def install(using: str = "default", app_label: str | None = None) -> None:
    """Create the triggers of every declared table (of one app) that exists. Safe to run again."""
    connection = connections[using]
    kinds = _SQLITE if connection.vendor == "sqlite" else _POSTGRES
    tables = set(connection.introspection.table_names())
    with transaction.atomic(using), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_POSTGRES_FUNCTION)
        for model in APPEND_ONLY:
            table = model._meta.db_table
            if table not in tables or app_label not in (None, model._meta.app_label):
                continue
            for kind, sql in kinds.items():
                name = f"{table}_{kind}"
                if connection.vendor == "sqlite":
                    cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
                cursor.execute(sql.format(name=name, table=table, taken=_taken(model)))


def _taken(model: type[models.Model]) -> str:
    """SQL for "a row stands that the new one would push out": by its key or any unique constraint."""
    meta = model._meta
    groups = [[f.column] for f in meta.local_fields if f.unique]
    groups += [[meta.get_field(name).column for name in c.fields] for c in meta.total_unique_constraints]
    rows = (" AND ".join(f"{column} = NEW.{column}" for column in group) for group in groups)
    return " OR ".join(f"EXISTS (SELECT 1 FROM {meta.db_table} WHERE {row})" for row in rows)


def remove(using: str = "default") -> None:
    """Drop the triggers: for tests, before a flush. Never called by the portal."""
    connection = connections[using]
    tables = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for model in APPEND_ONLY:
            table = model._meta.db_table
            if table not in tables:
                continue
            for name in trigger_names(model, connection.vendor):
                on = "" if connection.vendor == "sqlite" else f" ON {table}"
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on}")


def install_after_migrate(sender: Any, using: str = "default", **_: Any) -> None:
    """Put the triggers back: a migration that rebuilds a table on SQLite silently drops them."""
    if any(model._meta.app_label == sender.label for model in APPEND_ONLY):
        install(using, sender.label)
