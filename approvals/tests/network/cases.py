"""A St Mary's school with the people whom a request for a blocked site concerns."""

from dataclasses import dataclass

from core.roles import Post, Role
from people.models import School, User
from smgov.testing import a_person, a_school

PROVIDER = "desk@provider.example"


@dataclass
class People:
    """Alice teaches and asks, Bob is headteacher and decides, Dan is the technician; Eve is elsewhere."""

    school: School
    alice: User
    bob: User
    dan: User
    chair: User
    dsl: User
    eve: User


def a_st_marys(preset: str = "st-marys", **chosen: object) -> People:
    """A school with its people, on a preset."""
    school = a_school("St Mary's", preset=preset, **chosen)
    other = a_school("Elsewhere", preset="st-marys")
    return People(
        school,
        alice=a_person("Alice Archer", Role.STAFF, school),
        bob=a_person("Bob Barnes", Role.HEADTEACHER, school),
        dan=a_person("Dan Dale", Role.IT, school),
        chair=a_person("Gina Gold", Role.GOVERNANCE, school, post=Post.CHAIR),
        dsl=a_person("Dora Dunn", Role.DSL, school),
        eve=a_person("Eve Earl", Role.STAFF, other),
    )


def a_cit_school(**chosen: object) -> People:
    """On the CIT preset: requests go by e-mail to the trust's IT provider; the school chose who decides."""
    return a_st_marys("cit", **{"unblock_approver": ["headteacher"], "it_provider_email": PROVIDER, **chosen})
