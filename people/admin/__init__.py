"""The admin pages of trusts, schools, profiles, people and their roles: reference data, and no side door."""

from people.admin import memberships, places, profiles, users

__all__ = ["memberships", "places", "profiles", "users"]
