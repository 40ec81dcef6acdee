"""Worlds that are made once for a module: each test gets a copy, and what it does to them is taken back."""

import copy
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import override_settings
from pytest_django import DjangoDbBlocker, Settings

Making = Callable[[Callable[[], Any]], AbstractContextManager[Callable[[], Any]]]


@pytest.fixture(scope="module")
def made_once(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Making:
    """`with made_once(build) as fresh`: what `build` makes stays until the end of the block; `fresh()` copies it.

    Files that were stored with it are in `made_once.files`, for each test to copy into a folder of its own.
    """
    files = tmp_path_factory.mktemp("worlds") / "files"

    @contextmanager
    def keep(build: Callable[[], Any]) -> Iterator[Callable[[], Any]]:
        apart = override_settings(
            PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
            VAR=files.parent,
            MEDIA_ROOT=files,
        )
        with django_db_blocker.unblock(), transaction.atomic():
            with apart:
                made = build()
            yield lambda: _copied(made)
            transaction.set_rollback(True)

    keep.files = files
    return keep


def _copied(made: Any) -> Any:
    """Worlds whose rows are other objects with the same values."""
    if isinstance(made, tuple):
        return tuple(_copied(one) for one in made)
    return replace(
        made,
        school=copy.copy(made.school),
        people={name: copy.copy(user) for name, user in made.people.items()},
        things={name: copy.copy(thing) for name, thing in made.things.items()},
    )


@pytest.fixture
def own_files(made_once: Making, settings: Settings) -> None:
    """The stored files of the worlds, in this test's own folder."""
    if made_once.files.is_dir():
        shutil.copytree(made_once.files, Path(settings.MEDIA_ROOT), dirs_exist_ok=True)
