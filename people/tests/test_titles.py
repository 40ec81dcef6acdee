"""What roles are called, and that every role that a policy needs can be given."""

import pytest

from core.roles import Post, Role
from people import titles
from people.governance.catalogue import SETTINGS
from people.governance.presets import PRESETS
from people.governance.profile import Profile
from people.governance.who import RoleRef, StepSpec


def _specs(value) -> set[str]:
    """Every role that an answer names, however deep."""
    if isinstance(value, StepSpec):
        return {str(value.ref)}
    if isinstance(value, RoleRef | Role):
        return {str(value)}
    if isinstance(value, dict):
        return set().union(*map(_specs, [*value, *value.values()]), set())
    if isinstance(value, list | tuple | set | frozenset):
        return set().union(*map(_specs, value), set())
    return set()


@pytest.mark.parametrize("preset", PRESETS)
def test_every_role_that_a_policy_names_can_be_given(preset):
    profile = Profile.resolve(preset)
    named = set().union(*(_specs(profile.value(key)) for key in SETTINGS))
    assert named
    assert named <= {titles.spec_of(role, post) for role, post in titles.all_specs()}


def test_every_role_and_every_post_can_be_given():
    assert {role for role, _ in titles.all_specs()} == set(Role.values)
    assert {post for _, post in titles.all_specs()} == {"", *Post.values}


@pytest.mark.parametrize("preset", ["", *PRESETS])
def test_no_two_choices_bear_the_same_words(preset):
    words = [words for _, words in titles.choices(Profile.resolve(preset))]
    assert len(words) == len(set(words))


def test_a_spec_is_split_as_it_was_joined():
    for role, post in titles.all_specs():
        assert titles.split(titles.spec_of(role, post)) == (role, post)


@pytest.mark.clause("STM-3.16")
def test_a_file_may_use_title_name_or_code():
    words = titles.by_words(Profile.resolve("st-marys"))
    assert words["marketing officer"] == (Role.HEAD_OF_COMMS, "")
    assert words["head of communications"] == (Role.HEAD_OF_COMMS, "")
    assert words["head_of_comms"] == words["head of comms"] == (Role.HEAD_OF_COMMS, "")
    assert words["chair of governors"] == (Role.GOVERNANCE, Post.CHAIR)
    assert words["office/office_manager"] == (Role.OFFICE, Post.OFFICE_MANAGER)
