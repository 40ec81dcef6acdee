"""The people of the demo: all invented, of all backgrounds, with long and short names."""

import unicodedata
from dataclasses import dataclass, field

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from people.models import School, Trust, User

PASSWORD = "teapot-maple-river"
KEEPER = "Jules Hartnoll"
"""Whoever runs the server: the only superuser."""

# place -> name -> roles, each `role` or `role/post`; "trust" means every school of the trust
PEOPLE: dict[str, dict[str, str]] = {
    "trust": {
        "Rhiannon Castellanos": "senior_leader/elt",
        "Babajide Olawale-Finch": "senior_leader/elt",
        "Saoirse O'Malley": "head_of_comms",
        "Siân Ellis-Vaughan": "it",
        "Ngozi Adeyemi-Clarke": "hr/hr_director",
        "Tomasz Wójcik": "dpo",
        "Zoë Fitzwilliam": "it/online_safety",
        "Rosalind Achterberg": "governance/chair",
        "Harbhajan Singh Dhaliwal": "governance",
    },
    "hub": {
        "Imogen Vassallo": "senior_leader/elt",
        "Dominic Achebe": "dsl",
        "Ottilie Brandt": "office/office_manager",
        "Yusuf Karataş": "hr",
        "Kwabena Mensah": "staff",
        "Mei-Ling Hargreaves": "staff",
    },
    "ashgrove": {
        "Marguerite Osei-Bonsu": "headteacher",
        "Dafydd Prosser": "dsl senior_leader",
        "Hadiza Bello": "office/office_manager",
        "Luca D'Amico": "it",
        "Aoife Ní Dhomhnaill": "staff",
        "Jo Li": "staff",
        "Wilhelmina Featherstonehaugh-Vandenberghe": "staff",
        "Priyanka Raghunathan": "staff",
        "Callum McAllister": "staff",
        "Thandeka Nkosi": "staff",
        "Irena Kovačević": "governance/chair",
        "Pavan Kandola": "governance",
        "Beatriz Salgueiro": "contributor",
    },
    "millbrook": {
        "Jonathan Adébáyò": "headteacher",
        "Catrin Morgan-Hayes": "senior_leader",
        "Stéphane Baptiste": "senior_leader/business_manager",
        "Amandeep Kaur Gill": "dsl",
        "Roisin O'Hanlon": "office/office_manager",
        "Graham Tuttle": "it",
        "Yetunde Falade": "it/online_safety",
        "François Lefèvre": "staff",
        "Nia Blackwood": "staff",
        "Olumide Bankole": "staff",
        "Ewa Zielińska": "staff",
        "Samir Haddad": "staff",
        "Bo Ek": "staff",
        "Idris Warsame": "staff",
        "Winifred Asquith-Jones": "governance/chair",
        "Mohammed Iqbal Chaudhry": "governance",
        "Lottie Pemberton": "contributor",
    },
    "thistledown": {
        "Delphine Abernathy": "headteacher",
        "Kofi Agyeman-Duah": "dsl",
        "Ffion Bevan": "office/office_manager",
        "Uchenna Eze": "it",
        "Sinéad Gallagher": "staff",
        "Arjun Venkataraman": "staff",
        "Maja Lindqvist": "staff",
        "Terence Oyelaran": "governance/chair",
        "Gül Demir": "governance",
        "Clodagh Fennelly": "contributor",
    },
    "fernhollow": {
        "Harriet Balogun": "headteacher",
        "Nikolai Petrov": "dsl senior_leader",
        "Gwenllian Roberts": "head_of_comms",
        "Shanice Campbell-Reid": "office/office_manager",
        "Leopold Weiss": "it",
        "Asha Mwangi": "it/online_safety",
        "Farah Nazari": "hr/hr_director",
        "Colm Brennan": "dpo",
        "Esi Quartey": "staff",
        "Patrick Doherty": "staff",
        "Ruth Steinfeld": "governance/chair",
        "Devon Marsh": "governance",
        "Isla Drummond": "contributor",
    },
    "thornwick": {
        "Adaeze Nwosu": "headteacher",
        "Magnus Thorvaldsen": "head_of_comms",
        "Geraldine Huxtable": "senior_leader/business_manager",
        "Rajesh Pillai": "senior_leader",
        "Elspeth Cameron": "dsl",
        "Bernadette Fairweather": "office/office_manager",
        "Hamza Qureshi": "it",
        "Solveig Dahl": "it/online_safety",
        "Vivienne Blanchard": "hr/hr_director",
        "Emeka Obi": "dpo",
        "Kazimierz Nowak": "staff",
        "Leilani Kahale": "staff",
        "Owen Trewhella": "staff",
        "Zahra Hosseini": "staff",
        "Xu Na": "staff",
        "Cornelius Adjei": "governance/chair",
        "Dorothea Kyriakou": "governance",
        "Tobias Greenhalgh": "contributor",
        "Marisol Vega": "contributor",
    },
    "stcedds": {
        "Judith Amankwah": "headteacher",
        "Florence Delacroix": "head_of_comms",
        "Simeon Ballantyne": "senior_leader",
        "Hyacinth Moreau": "dsl",
        "Phyllis Entwistle": "office/office_manager",
        "Joy Amoah": "office",
        "Ravindra Seneviratne": "it",
        "Bethan Cadwallader": "it/online_safety",
        "Miriam Rosenthal": "hr/hr_director",
        "Alasdair Buchan": "dpo",
        "Éloïse Béranger": "staff",
        "Kemi Adeleke": "staff",
        "Rory MacGillivray": "staff",
        "Anneliese Vogt": "staff",
        "Tariq Mahmoudi": "staff",
        "Kit Sørensen": "staff",
        "Clement Okonjo": "governance/chair",
        "Ursula Fenwick": "governance",
        "Nanami Fujita": "contributor",
    },
    "lanterns": {
        "Oluwaseun Martins": "headteacher",
        "Greta Halvorsen": "dsl",
        "Piers Lockwood": "senior_leader",
        "Sophie N'Diaye": "head_of_comms",
        "Noreen Akhtar": "office/office_manager",
        "Stellan Berg": "it",
        "Dilys Penhaligon": "it/online_safety",
        "Sunita Bhatt": "hr/hr_director",
        "Lachlan Moir": "dpo",
        "Chidi Umeh": "staff",
        "Marta Ferreira": "staff",
        "Ed Poe": "staff",
        "Augustine Kamara": "governance/chair",
        "Valentina Ruiz": "governance",
        "Josie Tran": "contributor",
    },
}

DOMAINS = {
    "trust": "larkfield.example.org",
    "hub": "larkfield.example.org",
    "ashgrove": "larkfield.example.org",
    "millbrook": "larkfield.example.org",
    "thistledown": "larkfield.example.org",
    "fernhollow": "fernhollow.example.org",
    "thornwick": "thornwick.example.org",
    "stcedds": "st-cedds.example.org",
    "lanterns": "lanterns.example.org",
}

TO_TRY = (
    KEEPER,
    "Rhiannon Castellanos",
    "Saoirse O'Malley",
    "Siân Ellis-Vaughan",
    "Marguerite Osei-Bonsu",
    "Aoife Ní Dhomhnaill",
    "Jonathan Adébáyò",
    "Catrin Morgan-Hayes",
    "Delphine Abernathy",
    "Terence Oyelaran",
    "Gwenllian Roberts",
    "Magnus Thorvaldsen",
    "Geraldine Huxtable",
    "Elspeth Cameron",
    "Hamza Qureshi",
    "Marisol Vega",
    "Judith Amankwah",
    "Florence Delacroix",
    "Phyllis Entwistle",
    "Bethan Cadwallader",
    "Miriam Rosenthal",
    "Alasdair Buchan",
    "Clement Okonjo",
    "Éloïse Béranger",
    "Oluwaseun Martins",
)
"""A person of every role, from every school: where a newcomer begins."""


@dataclass
class Cast:
    """Everybody and every place of the demo, by name and by key."""

    people: dict[str, User] = field(default_factory=dict)
    schools: dict[str, School] = field(default_factory=dict)
    trust: Trust | None = None

    def who(self, name: str) -> User:
        """A person by full name."""
        return self.people[name]

    @property
    def keeper(self) -> User:
        """Whoever runs the server."""
        return self.people[KEEPER]


def address(name: str, domain: str) -> str:
    """An e-mail address made from a name, in plain letters."""
    plain = unicodedata.normalize("NFKD", name.replace("ø", "o").replace("ş", "s"))
    letters = "".join(c for c in plain if c.isalpha() or c in " -").encode("ascii", "ignore").decode()
    return f"{letters.lower().replace(' ', '.')}@{domain}"


def addresses() -> dict[str, str]:
    """The e-mail address of each person, by name."""
    found = {name: address(name, DOMAINS[place]) for place, names in PEOPLE.items() for name in names}
    return {**found, KEEPER: address(KEEPER, DOMAINS["trust"])}


def create_people(cast: Cast) -> None:
    """Everybody, with one password that is hashed once. Their roles come later, from the services."""
    hashed = make_password(PASSWORD)
    User.objects.bulk_create(
        [
            User(
                email=email,
                full_name=name,
                password=hashed,
                joined_at=timezone.now(),
                is_superuser=name == KEEPER,
            )
            for name, email in addresses().items()
        ]
    )
    cast.people = {user.full_name: user for user in User.objects.filter(email__in=addresses().values())}
