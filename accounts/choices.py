"""Words that several tables of this room share."""

from django.db import models


class Right(models.TextChoices):
    """What a named person may do on one account."""

    LEAD = "lead", "Lead"
    MODERATOR = "moderator", "Moderator"
    ADMINISTRATOR = "administrator", "Administrator"
    POSTER = "poster", "May post"


GRANTED = (Right.ADMINISTRATOR, Right.POSTER)
"""Rights that the profile's `admin_grantors` give (CIT-3.09, STM-3.09); the others come with the account."""


class Public(models.TextChoices):
    """Audiences and contributors: the seven boxes of STM-15.07 to 15.20."""

    PUPILS = "pupils", "Pupils of the school"
    STAFF = "staff", "School staff"
    FAMILY = "family", "Pupils' family members"
    EXTERNAL = "external", "External organisations"
    OTHER_PUPILS = "other_pupils", "Pupils from other schools"
    PUBLIC = "public", "Members of the public"
    OTHER = "other", "Others"


OUTSIDERS = (Public.FAMILY, Public.EXTERNAL, Public.OTHER_PUPILS, Public.PUBLIC, Public.OTHER)
"""Contributors who are neither staff nor the school's own pupils (STM-15.22, 15.25)."""
CHILDREN = (Public.PUPILS, Public.OTHER_PUPILS)


class Openness(models.TextChoices):
    """RAV-3.07."""

    OPEN = "open", "Open: anybody can see it"
    CLOSED = "closed", "Private or closed: only people let in can see it"


class Form(models.TextChoices):
    """Which questions a request answers; the profile's `account_form`."""

    CIT = "cit", "Community Inclusive Trust's questions"
    RAVENS_WOOD = "ravens_wood", "Ravens Wood's plan"
    ST_MARYS = "st_marys", "St Mary's form"
