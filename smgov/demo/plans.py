"""Requests for accounts in every state, on each of the three forms: who asked for what, and what happened."""

from dataclasses import dataclass, field
from typing import Any

Step = tuple[Any, ...]


@dataclass(frozen=True)
class Plan:
    """One request. `steps` are (days ago, what, who or nothing, words or nothing), oldest first.

    `people` name who would run it, by question; the asker and `second` unless said otherwise.
    """

    school: str
    asker: str
    second: str
    name: str
    kind: str
    platform: str
    handle: str
    aims: str
    steps: tuple[Step, ...]
    people: dict[str, tuple[str, ...]] = field(default_factory=dict)
    answers: dict[str, Any] = field(default_factory=dict)


HEADS = {
    "ashgrove": "Marguerite Osei-Bonsu",
    "millbrook": "Jonathan Adébáyò",
    "thistledown": "Delphine Abernathy",
    "stcedds": "Judith Amankwah",
    "fernhollow": "Harriet Balogun",
}
HOC = "Saoirse O'Malley"
MODERATOR, MANAGER = "Magnus Thorvaldsen", "Geraldine Huxtable"
OFFICER = "Florence Delacroix"

TRUST_PLANS = (
    Plan(
        "ashgrove", "Aoife Ní Dhomhnaill", "Jo Li", "Year 6 leavers' diary", "class", "instagram", "@ashgrove_leavers",
        "A last year together, in pictures of what the class makes.", ((6, "half"),),
    ),
    Plan(
        "millbrook", "François Lefèvre", "Bo Ek", "Millbrook Languages", "subject", "threads", "@millbrook_langues",
        "A phrase a day in French, German and Polish, and news of the exchange.",
        ((9, "start"), (9, "ask", "", "Would one account for three languages work, or should each have its own?"),
         (7, "reply", HOC, "One account, please. Put the language first in each post, so that people can skip."),
         (5, "tech", "", "Can the department's tablet be used for posting?")),
    ),
    Plan(
        "ashgrove", "Priyanka Raghunathan", "Thandeka Nkosi", "Ashgrove Forest School", "class", "facebook",
        "@ashgrove.forest", "Families see what we do outdoors, and bring old boots.", ((4, "start"), (4, "send")),
        answers={"contributors": ["staff", "pupils"], "contributors_age_from": 7, "contributors_age_to": 11,
                 "parents_consent": "A letter in September, with a slip for each pupil."},
    ),
    Plan(
        "millbrook", "Nia Blackwood", "Samir Haddad", "Millbrook Drama Company", "subject", "instagram",
        "@millbrook_drama", "Rehearsals, posters and ticket news for the summer play.", ((14, "start"), (13, "send")),
    ),
    Plan(
        "thistledown", "Delphine Abernathy", "Maja Lindqvist", "Upper Thistledown Village School", "community",
        "facebook", "@thistledown.school", "One place where the village hears from its school.",
        ((8, "start"), (8, "send")),
    ),
    Plan(
        "millbrook", "Olumide Bankole", "Ewa Zielińska", "Millbrook Sport results", "subject", "x", "@millbrook_sport",
        "Results on the evening of the match, and who plays next.",
        ((11, "start"), (11, "send"), (8, "yes", HEADS["millbrook"])),
    ),
    Plan(
        "ashgrove", "Jo Li", "Callum McAllister", "Ashgrove Choir", "class", "youtube", "@ashgrovechoir",
        "Concerts for grandparents who cannot come.", ((10, "start"), (9, "send"), (3, "yes", HEADS["ashgrove"])),
    ),
    Plan(
        "ashgrove", "Callum McAllister", "Jo Li", "Ashgrove Chess Club", "subject", "discord", "ashgrove-chess",
        "Puzzles, and games against other clubs.",
        ((16, "start"), (15, "send"), (13, "yes", HEADS["ashgrove"]),
         (7, "return", HOC, "Most of the club are ten. How would they take part without an account of their own?\n"
                            "Who looks at the messages at weekends?"),
         (6, "ask", "", "Would a page on the website do for those under 13?")),
    ),
    Plan(
        "millbrook", "Ewa Zielińska", "Olumide Bankole", "Millbrook Science Week", "subject", "bluesky",
        "@science.millbrook", "A question each day of the week, and the best answers.",
        ((24, "start"), (23, "send"), (20, "return", HEADS["millbrook"], "For how long does the account live after the week?"),
         (12, "mend", "", "Until the end of June. It is then closed, and the best answers go to the website."),
         (12, "send")),
    ),
    Plan(
        "millbrook", "Bo Ek", "Idris Warsame", "Sixth Form Common Room", "subject", "snapchat", "mb.sixthform",
        "Quick messages to the sixth form where they already are.",
        ((40, "start"), (40, "send"), (37, "yes", HEADS["millbrook"]),
         (33, "no", HOC, "Messages there vanish, so nobody could look into a complaint. Please use the school's own app.")),
    ),
    Plan(
        "thistledown", "Maja Lindqvist", "Sinéad Gallagher", "Thistledown Nursery", "class", "whatsapp", "",
        "Reminders for families of the youngest.", ((30, "start"), (29, "send"), (27, "withdraw")),
    ),
    Plan(
        "millbrook", "Samir Haddad", "Nia Blackwood", "Millbrook Music", "subject", "youtube", "@millbrookmusic",
        "Concerts and practice tracks for the orchestra and both choirs.",
        ((19, "start"), (19, "ask", "", "Practice tracks need the publisher's leave. Does the trust have a licence?"),
         (18, "reply", HOC, "Yes, since last year. Name the publisher in the text of each video."), (18, "send"),
         (16, "yes", HEADS["millbrook"]), (5, "yes", HOC)),
    ),
    Plan(
        "thistledown", "Arjun Venkataraman", "Ffion Bevan", "Thistledown Gardeners", "community", "facebook",
        "@thistledown.gardeners", "Seeds, swaps and the opening of the kitchen garden.",
        ((26, "start"), (26, "send"), (22, "yes", HEADS["thistledown"]), (20, "yes", HOC)),
        people={"administrators": ("Arjun Venkataraman", "Delphine Abernathy")},
    ),
    Plan(
        "millbrook", "Nia Blackwood", "Bo Ek", "Costume swap", "community", "pinterest", "@mb_costumes",
        "Ideas for costumes from what families have at home.", ((50, "start"), (48, "discard")),
    ),
    Plan(
        "ashgrove", "Thandeka Nkosi", "Hadiza Bello", "Ashgrove Breakfast Club", "class", "facebook",
        "@ashgrove.breakfast", "Menus, and notice when the club is full.",
        ((95, "start"), (94, "send"), (90, "return", HEADS["ashgrove"], "Does the class page not do this already?")),
    ),
    Plan(
        "hub", "Kwabena Mensah", "Mei-Ling Hargreaves", "Larkfield Careers", "community", "linkedin",
        "larkfield-careers", "Vacancies across the trust, and what it is like to work here.", ((3, "start"), (3, "send")),
    ),
    Plan(
        "hub", "Mei-Ling Hargreaves", "Kwabena Mensah", "Larkfield Alumni", "community", "linkedin", "larkfield-alumni",
        "Former pupils who come back to speak about their work.",
        ((21, "start"), (20, "send"), (15, "yes", "Rhiannon Castellanos"), (12, "yes", HOC)),
    ),
    Plan(
        "ashgrove", "Priyanka Raghunathan", "Jo Li", "Ashgrove School Kitchen", "class", "instagram",
        "@ashgrove_kitchen", "What is for lunch, and where it grew.",
        ((70, "start"), (69, "send"), (66, "yes", HEADS["ashgrove"]), (63, "yes", HOC), (58, "live")),
    ),
)
"""On CIT's form."""

THORNWICK_PLANS = (
    Plan("thornwick", "Leilani Kahale", "Xu Na", "Thornwick Surf Club", "subject", "instagram", "@thornwick_surf",
         "Tides, kit lists and pictures of the water.", ((5, "half"),)),
    Plan("thornwick", "Xu Na", "Zahra Hosseini", "Thornwick Maths Challenge", "subject", "x", "@thornwick_maths",
         "One problem each Monday for anybody who likes them.",
         ((7, "start"), (7, "ask", "", "May past papers be shown in a picture?"))),
    Plan("thornwick", "Marisol Vega", "Kazimierz Nowak", "Friends of Thornwick", "community", "facebook",
         "@friends.of.thornwick", "The friends' events, and thanks to those who help.", ((6, "start"), (6, "send"))),
    Plan("thornwick", "Zahra Hosseini", "Xu Na", "Thornwick Geography Field Trips", "subject", "instagram",
         "@thornwick_geog", "Where we are, what we see, and when the coach is back.",
         ((10, "start"), (10, "send"), (6, "yes", MODERATOR))),
    Plan("thornwick", "Kazimierz Nowak", "Leilani Kahale", "Thornwick Engineering", "subject", "youtube",
         "@thornwickengineers", "Films of the car that the club builds.",
         ((18, "start"), (18, "send"), (14, "yes", MODERATOR),
          (9, "return", MANAGER, "Who films in the workshop, and has the risk assessment been changed for it?"))),
    Plan("thornwick", "Owen Trewhella", "Leilani Kahale", "Thornwick Sixth Form", "subject", "instagram",
         "@thornwick_sixth", "Open evenings, and what former pupils do now.",
         ((25, "start"), (25, "send"), (22, "return", MODERATOR, "Say who answers questions in August."),
          (10, "mend", "", "Admissions answer in August; the lead answers in term."), (10, "send"))),
    Plan("thornwick", "Leilani Kahale", "Xu Na", "Thornwick memes", "community", "tiktok", "@thornwickmemes",
         "Something that makes the school smile.",
         ((35, "start"), (35, "send"), (32, "no", MODERATOR, "Pupils would be the joke sooner or later."))),
    Plan("thornwick", "Xu Na", "Zahra Hosseini", "Year 7 welcome", "subject", "facebook", "@thornwick.y7",
         "Answers for new families in their first weeks.", ((28, "start"), (28, "send"), (26, "withdraw"))),
    Plan("thornwick", "Tobias Greenhalgh", "Kazimierz Nowak", "Thornwick Second-hand Uniform", "community", "facebook",
         "@thornwick.uniform", "Outgrown blazers find a new owner.",
         ((30, "start"), (30, "send"), (27, "yes", MODERATOR), (11, "yes", MANAGER))),
    Plan("thornwick", "Zahra Hosseini", "Owen Trewhella", "Thornwick Debating", "subject", "bluesky",
         "@thornwick.debate", "Motions for the week, and who won.",
         ((62, "start"), (62, "send"), (58, "yes", MODERATOR), (54, "yes", MANAGER), (50, "live"))),
)
"""On Ravens Wood's form, with volunteers among the askers."""

STCEDDS_PLANS = (
    Plan("stcedds", "Kemi Adeleke", "Rory MacGillivray", "Reception at St Cedd's", "class", "facebook",
         "@stcedds.reception", "First weeks at school, for families who wonder.", ((4, "half"),)),
    Plan("stcedds", "Éloïse Béranger", "Tariq Mahmoudi", "St Cedd's Bell Ringers", "community", "youtube",
         "@stceddsbells", "Pupils ring with the village band, and others hear it.",
         ((8, "start"), (8, "ask", "", "The band are not staff. May one of them post?"),
          (6, "reply", HEADS["stcedds"], "They may send you recordings. You post them."),
          (6, "tech", "", "Can the office laptop cut a film?"),
          (5, "reply", "Ravindra Seneviratne", "Yes: I have put the program on it.", "technical")),
         answers={"contributors": ["staff", "pupils", "external"], "contributors_age_from": 9, "contributors_age_to": 11,
                  "parents_consent": "At the ringers' first meeting, on the school's consent slip.",
                  "vetter_name": "Phyllis Entwistle", "vetter_role": "Office manager",
                  "advertise": "The tower captain asks the band."}),
    Plan("stcedds", "Rory MacGillivray", "Kemi Adeleke", "St Cedd's Football", "class", "x", "@stcedds_fc",
         "Fixtures and results for two teams.", ((7, "start"), (7, "send"))),
    Plan("stcedds", "Tariq Mahmoudi", "Éloïse Béranger", "Year 5 at St Cedd's", "class", "facebook", "@stcedds.year5",
         "What Year 5 learns, week by week.", ((12, "start"), (12, "send"), (6, "yes", OFFICER))),
    Plan("stcedds", "Anneliese Vogt", "Kemi Adeleke", "Marsh Walkers", "community", "facebook", "@marsh.walkers",
         "Walks on the marsh for families, with the birds by name.",
         ((17, "start"), (17, "send"), (14, "yes", OFFICER),
          (8, "return", HEADS["stcedds"], "Parents may join in. Who checks them before they post?"))),
    Plan("stcedds", "Kemi Adeleke", "Anneliese Vogt", "St Cedd's Library", "class", "instagram", "@stcedds_library",
         "A book a week, chosen by a pupil.",
         ((26, "start"), (26, "send"), (24, "yes", OFFICER), (20, "return", HEADS["stcedds"], "Are covers free to show?"),
          (11, "mend", "", "Publishers allow covers in reviews; we name them."), (11, "send"), (7, "yes", OFFICER)),
         answers={"audience": ["pupils", "family", "other_pupils"], "audience_age_from": 7, "audience_age_to": 11,
                  "audience_schools": "Marsh End Infants, Saltings Juniors"}),
    Plan("stcedds", "Tariq Mahmoudi", "Rory MacGillivray", "Staff room stories", "community", "tiktok", "@stcedds_staff",
         "The lighter side of a school day.",
         ((38, "start"), (38, "send"), (36, "no", OFFICER, "Staff would be seen as private persons, not as the school."))),
    Plan("stcedds", "Anneliese Vogt", "Joy Amoah", "Advent windows", "community", "instagram", "@stcedds_advent",
         "A window each day in December.", ((31, "start"), (31, "send"), (30, "withdraw"))),
    Plan("stcedds", "Éloïse Béranger", "Joy Amoah", "St Cedd's Eco Council", "class", "bluesky", "@eco.stcedds",
         "Litter counts, the pond, and how much power we save.",
         ((22, "start"), (22, "send"), (19, "yes", OFFICER), (9, "yes", HEADS["stcedds"]))),
    Plan("stcedds", "Rory MacGillivray", "Kemi Adeleke", "St Cedd's Orchard", "community", "facebook",
         "@stcedds.orchard", "Blossom, apples and the juice stall.",
         ((64, "start"), (64, "send"), (60, "yes", OFFICER), (57, "yes", HEADS["stcedds"]), (49, "live"))),
)
"""On St Mary's form."""

FERNHOLLOW_PLANS = (
    Plan("fernhollow", "Esi Quartey", "Patrick Doherty", "Fernhollow Allotment", "community", "facebook",
         "@fernhollow.allotment", "When to sow, and who can water in August.", ((5, "start"), (5, "send"))),
    Plan("fernhollow", "Gwenllian Roberts", "Esi Quartey", "Fernhollow School News", "community", "facebook",
         "@fernhollow.school", "Closures, events and thanks.", ((9, "start"), (9, "send"))),
    Plan("fernhollow", "Patrick Doherty", "Esi Quartey", "Fernhollow Reading Den", "class", "facebook",
         "@fernhollow.reads", "Books that the pupils liked, and the ones that they did not.",
         ((56, "start"), (55, "send"), (52, "yes", "Gwenllian Roberts"), (51, "yes", HEADS["fernhollow"]), (47, "live"))),
)
PLANS = (*TRUST_PLANS, *THORNWICK_PLANS, *STCEDDS_PLANS, *FERNHOLLOW_PLANS)
