"""What the register of each school held before the portal came: accounts, and who runs them."""

from dataclasses import dataclass

FB, IG, X, YT = "facebook", "instagram", "x", "youtube"


@dataclass(frozen=True)
class Book:
    """The accounts of one school: who entered and who confirmed them, who runs them in turn, and which they are."""

    school: str
    entered_by: str
    signers: tuple[str, ...]
    """Who confirms an entry, then who grants administrators their rights, in order; alone: both at once."""
    runners: tuple[str, ...]
    accounts: tuple[tuple[str, str], ...]
    administrators: int = 1


def _on(platform: str, *names: str) -> tuple[tuple[str, str], ...]:
    return tuple((name, platform) for name in names)


HOC = "Saoirse O'Malley"
BOOKS = (
    Book(
        "hub",
        "Ottilie Brandt",
        (HOC, "Rhiannon Castellanos", HOC),
        ("Kwabena Mensah", "Mei-Ling Hargreaves"),
        (
            *_on(FB, "Larkfield Learning Trust"),
            *_on(X, "Larkfield Trust News", "Larkfield School Closures"),
            *_on("linkedin", "Larkfield Learning Trust"),
            *_on(YT, "Larkfield Films"),
            *_on(IG, "Larkfield Creates"),
        ),
    ),
    Book(
        "ashgrove",
        "Hadiza Bello",
        (HOC, "Marguerite Osei-Bonsu", HOC),
        (
            "Jo Li",
            "Wilhelmina Featherstonehaugh-Vandenberghe",
            "Priyanka Raghunathan",
            "Callum McAllister",
            "Thandeka Nkosi",
            "Aoife Ní Dhomhnaill",
        ),
        (
            *_on(
                FB,
                "Ashgrove Primary Academy",
                "Nursery at Ashgrove",
                "Reception at Ashgrove",
                "Year 1 at Ashgrove",
                "Year 2 at Ashgrove",
                "Year 3 at Ashgrove",
                "Year 4 at Ashgrove",
                "Year 5 at Ashgrove",
                "Year 6 at Ashgrove",
                "Ashgrove School Office",
            ),
            *_on(X, "Ashgrove Primary", "Ashgrove Sports Days", "Ashgrove Travel to School"),
            *_on(IG, "Ashgrove Art Room", "Ashgrove Library"),
            *_on(YT, "Ashgrove Assemblies", "Ashgrove Puppets"),
        ),
    ),
    Book(
        "millbrook",
        "Roisin O'Hanlon",
        (HOC, "Jonathan Adébáyò", HOC),
        (
            "François Lefèvre",
            "Nia Blackwood",
            "Olumide Bankole",
            "Ewa Zielińska",
            "Samir Haddad",
            "Bo Ek",
            "Catrin Morgan-Hayes",
        ),
        (
            *_on(
                X,
                "Millbrook Academy",
                "Millbrook Art",
                "Millbrook Biology",
                "Millbrook Business",
                "Millbrook Chemistry",
                "Millbrook Computing",
                "Millbrook Design and Technology",
                "Millbrook Duke of Edinburgh's Award",
                "Millbrook English",
                "Millbrook Food",
                "Millbrook Geography",
                "Millbrook Mathematics",
                "Millbrook Media",
                "Millbrook Physics",
                "Millbrook Psychology",
                "Millbrook Religious Studies",
                "Millbrook Sixth Form",
            ),
            *_on(
                IG,
                "Millbrook Academy",
                "Millbrook Art",
                "Millbrook Dance",
                "Millbrook Photography",
                "Millbrook Textiles",
                "Millbrook Netball",
                "Millbrook Rowing",
                "Millbrook Lacrosse",
            ),
            *_on(FB, "Millbrook Academy", "Millbrook Open Evenings", "Millbrook Parents' Evenings"),
            *_on(YT, "Millbrook Academy", "Millbrook Careers"),
        ),
    ),
    Book(
        "thistledown",
        "Ffion Bevan",
        (HOC, "Delphine Abernathy", HOC),
        ("Sinéad Gallagher", "Arjun Venkataraman", "Maja Lindqvist", "Kofi Agyeman-Duah"),
        (
            *_on(
                FB,
                "Thistledown Infants",
                "Thistledown Juniors",
                "Thistledown Resource Base",
                "Thistledown Harvest",
                "Thistledown School and Parish: news of both for everyone in the valley and beyond",
            ),
            *_on(X, "Thistledown School", "Thistledown Runs"),
            *_on(IG, "Thistledown Bees", "Thistledown Hens"),
        ),
    ),
    Book(
        "thornwick",
        "Bernadette Fairweather",
        ("Geraldine Huxtable",),
        ("Kazimierz Nowak", "Leilani Kahale", "Owen Trewhella", "Zahra Hosseini", "Xu Na"),
        (
            *_on(FB, "Thornwick High School"),
            *_on(X, "Thornwick High", "Thornwick Science", "Thornwick Rugby"),
            *_on(IG, "Thornwick Art", "Thornwick Kitchen"),
            *_on(YT, "Thornwick Stage"),
        ),
    ),
    Book(
        "stcedds",
        "Phyllis Entwistle",
        ("Judith Amankwah",),
        ("Éloïse Béranger", "Kemi Adeleke", "Rory MacGillivray", "Anneliese Vogt", "Tariq Mahmoudi"),
        (
            *_on(
                FB,
                "St Cedd's-on-the-Marsh",
                "Year 1 at St Cedd's",
                "Year 2 at St Cedd's",
                "Year 4 at St Cedd's",
            ),
            *_on(X, "St Cedd's School"),
            *_on(IG, "St Cedd's Pond"),
        ),
        administrators=2,
    ),
)

LED_BY_LEAVERS = (
    Book(
        "millbrook",
        "Roisin O'Hanlon",
        (HOC, "Jonathan Adébáyò", HOC),
        ("Idris Warsame",),
        _on(X, "Millbrook History"),
    ),
    Book(
        "stcedds",
        "Phyllis Entwistle",
        ("Judith Amankwah",),
        ("Kit Sørensen", "Rory MacGillivray"),
        _on(FB, "Year 3 at St Cedd's"),
        administrators=2,
    ),
)
"""Accounts that have too few administrators since somebody left."""

UNCONFIRMED = (
    Book("ashgrove", "Hadiza Bello", (), ("Jo Li",), _on(FB, "Ashgrove Lost Property")),
    Book("millbrook", "Roisin O'Hanlon", (), ("Samir Haddad",), _on("tiktok", "Millbrook Steel Band")),
    Book("thornwick", "Bernadette Fairweather", (), ("Xu Na",), _on("discord", "Thornwick Coding Club")),
    Book(
        "stcedds",
        "Phyllis Entwistle",
        (),
        ("Kemi Adeleke", "Tariq Mahmoudi"),
        _on("vimeo", "St Cedd's Nativity"),
        administrators=2,
    ),
)
"""Entered a few days ago, and nobody has confirmed them yet."""

NOT_OURS = Book(
    "stcedds",
    "Phyllis Entwistle",
    (),
    ("Kemi Adeleke", "Rory MacGillivray"),
    _on(FB, "Marsh Mums and Dads"),
    administrators=2,
)
"""Entered, and not confirmed: it belongs to parents."""

CLOSED = (
    ("ashgrove", "Ashgrove Travel to School", "Marguerite Osei-Bonsu", "The road works are over."),
    ("millbrook", "Millbrook Business", "Saoirse O'Malley", "The course is no longer taught."),
    (
        "thornwick",
        "Thornwick Kitchen",
        "Magnus Thorvaldsen",
        "Its lead teaches elsewhere now, and nobody followed.",
    ),
)
"""School, account, who closed it, and why."""
