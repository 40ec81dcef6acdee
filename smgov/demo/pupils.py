"""The pupils of the demo and their families: all invented, made up anew in the same way each time."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random


def _words(text: str) -> list[str]:
    return text.split()


FIRST = _words(
    "Amara Yusuf Elodie Tobiah Niamh Kwesi Sanaa Bartek Oonagh Dev Mirela Jaxon Seren Ikenna Leocadia Haruto "
    "Phoebe Zayd Rosheen Emrys Farida Otis Anwen Kacper Ximena Lachlan Noor Tegan Mateusz Esme Arvind Juno "
    "Callista Obi Freya Ruairi Salma Wren Dominika Ezra Maeve Rohan Ottoline Bilal Sioned Hugo Imani Piotr "
    "Beatrix Caius Nyah Lorcan Vida Ansel Priya Gethin Zofia Marlowe Aisling Tunde Ivy Idris Coralie Jomo"
)
LAST = _words(
    "Abernethy-Cole Baptiste Chowdhury Dragomir Eccleston Fadipe Grzybowski Hallorann Iwuchukwu Jelbert Karimi "
    "Llewellyn Mbeki Nakagawa O'Rahilly Pettigrew Quaye Ravindran Sowande Trevanion Ulrichsen Vasquez-Moran "
    "Whitlock Xiang Yarborough Zielonka Ashworth Brankovic Coombes Dziedzic Emanuel Farquharson Gbadamosi "
    "Hrabovsky Inglethorpe Jagielski Kirkbride Lovelock Mwangi-Stone Nethercott Osterhagen Pascoe Rafiq "
    "Szymczak Tanaka Umunna Valdemarsson Winterbourne"
)
PARENT = _words(
    "Adaora Bernard Cerys Dimitra Edmund Fatoumata Gareth Halina Ignatius Jacinta Kelechi Lowri Marek Nadia "
    "Osian Petronella Quentin Rukmini Stefan Theodora Uzma Viktor Wilfred Yvette Zainab"
)
HEADINGS = (
    "UPN", "Adno", "Legal Surname", "Legal Forename", "Preferred Forename", "DOB", "Year Group",
    "Reg Group", "Date of Admission", "Leaving Date", "Contact ID", "Contact Name", "Relationship",
    "Parental Responsibility", "Email",
)  # fmt: skip
"""The columns of the file, as one of the usual systems names them."""


@dataclass
class Parent:
    """A contact in the file."""

    number: str
    name: str
    relationship: str
    responsibility: str
    email: str


@dataclass
class Child:
    """A pupil in the file."""

    upn: str
    number: str
    first: str
    last: str
    born: date
    year: int
    form: str
    joined: date
    preferred: str = ""
    leaves: date | None = None
    parents: list[Parent] = field(default_factory=list)

    @property
    def name(self) -> str:
        """As colleagues say it."""
        return f"{self.preferred or self.first} {self.last}"


def school_roll(slug: str, count: int, years: range, today: date) -> list[Child]:
    """So many pupils over these year groups (year 1: five or six years old), the same for the same slug."""
    dice = Random(f"roll of {slug}")
    autumn = date(today.year if today.month >= 9 else today.year - 1, 9, 1)
    children: list[Child] = []
    taken: set[tuple[str, str]] = set()
    while len(children) < count:
        year = years[len(children) * len(years) // count]
        first, last = dice.choice(FIRST), dice.choice(LAST)
        if (first, last) in taken:
            continue
        taken.add((first, last))
        number = len(children) + 1
        born = date(autumn.year - year - 4, 9, 1) - timedelta(days=dice.randrange(365))
        child = Child(
            upn=f"{'ABCDEFGH'[sum(map(ord, slug)) % 8]}{330 + sum(map(ord, slug)) % 99:03}{number:09}",
            number=f"{slug[:3].upper()}{number:05}",
            first=first,
            last=last,
            born=born,
            year=year,
            form=f"{year}{'AB'[number % 2]}",
            joined=date(autumn.year - max(0, year - years[0]), 9, 1),
        )
        sibling = children[-30] if number > 40 and number % 11 == 0 else None
        child.parents = _family(child, sibling, dice, slug)
        children.append(child)
    return children


def _family(child: Child, sibling: Child | None, dice: Random, slug: str) -> list[Parent]:
    """Two parents, one parent, a grandparent whose responsibility nobody recorded; siblings share theirs."""
    if sibling is not None:
        child.last = sibling.last
        return sibling.parents
    kind = dice.randrange(10)
    parents = [_parent(child, "Mother", "Yes", dice)]
    if kind < 6:
        parents.append(_parent(child, "Father", "Yes", dice))
    elif kind == 6:
        parents.append(_parent(child, "Grandmother", "", dice))
    elif kind == 7:
        parents.append(_parent(child, "Step-father", "No", dice))
    elif kind == 8:
        parents[0].email = ""
    return parents


def _parent(child: Child, relationship: str, responsibility: str, dice: Random) -> Parent:
    first = dice.choice(PARENT)
    number = f"{child.number}{relationship[0]}"
    plain = "".join(c for c in child.last.lower() if c.isascii() and c.isalpha())
    email = f"{first.lower()}.{plain}.{number[-4:].lower()}@families.example"
    return Parent(number, f"{first} {child.last}", relationship, responsibility, email)


def as_csv(children: list[Child]) -> bytes:
    """The file that the school's information system would export: one row a contact."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(HEADINGS)
    writer.writerows(row for child in children for row in _rows(child))
    return out.getvalue().encode("utf-8-sig")


def _rows(child: Child) -> Iterator[list[str]]:
    facts = [
        child.upn, child.number, child.last, child.first, child.preferred, f"{child.born:%d/%m/%Y}",
        str(child.year), child.form, f"{child.joined:%d/%m/%Y}",
        f"{child.leaves:%d/%m/%Y}" if child.leaves else "",
    ]  # fmt: skip
    for one in child.parents:
        yield [*facts, one.number, one.name, one.relationship, one.responsibility, one.email]
