"""A small case in which people have something to decide, and its workbook."""

import numpy as np
from frames import scored_frame

from tasrib.case import read_decisions
from tasrib.case.layer import standing
from tasrib.case.words import columns

ROSE = "صوتوا على الوردة يوم 8 شتنبر من أجل مدينة نظيفة، اتصلوا 0661234567"
ROSE_AGAIN = "صوتوا على الوردة يوم 8 شتنبر من أجل مدينة نظيفة، اتصلوا 0662765432"
TRACTOR = "Votez pour la liste du tracteur le 8 septembre, pour vos écoles"
MEETING = "Réunion des habitants du quartier demain à 18h avec notre candidat"
FORMULA = "=HYPERLINK(1) Ensemble le 8 septembre, parlez-en à vos voisins"
OFFER = "Soldes d'été, tout à moitié prix jusqu'à dimanche"
CODE = "Votre code de confirmation est 482913"
#        text, how many complaints, category, decision, campaign
ROWS = [
    (ROSE, 4, "political_campaign", "campaign", "c-0000000a"),
    (ROSE_AGAIN, 1, "political_campaign", "campaign", "c-0000000a"),
    (TRACTOR, 3, "political_campaign", "campaign", "c-0000000b"),
    (MEETING, 2, "community", "review", "c-0000000c"),
    (FORMULA, 5, "political_campaign", "review", "c-0000000d"),
    (OFFER, 6, "commercial", "not_campaign", ""),
    (CODE, 2, "service", "not_campaign", ""),
]
# What a person writes into the workbook.
CHOSEN = {
    FORMULA: {"decision": "campagne", "party": "PAM"},
    MEETING: {"decision": "pas une campagne", "category": "vie associative"},
    TRACTOR: {"campaign": "Tracteur de Fès"},
}


def case_frame(rows=ROWS):
    texts, counts, categories, decisions, campaigns = zip(*rows, strict=True)
    repeated = [np.repeat(np.array(each, dtype=object), counts) for each in (texts, categories, decisions, campaigns)]
    n = sum(counts)
    probability = {"campaign": 0.99, "review": 0.5, "not_campaign": 0.01}
    return scored_frame(
        n, text=repeated[0], category=repeated[1], decision=repeated[2], campaign_id=repeated[3], language="fr",
        probability=[probability[each] for each in repeated[2]], received_at="2021-09-01", channel="sms",
    )  # fmt: skip


def of_sheet(book, kind, language):
    """A sheet of the workbook and the number of each of its columns."""
    sheet = book.worksheets[kind == "campaign"]
    places = {cell.value: cell.column for cell in sheet[1]}
    return sheet, {name: places[column[language]] for name, column in columns(kind).items()}


def held(file):
    """What holds of each message: decision, category, party, campaign, who."""
    now = standing(read_decisions(file))
    return {
        key: (each.decision, each.category, each.party, each.campaign, each.who) for key, each in now.messages.items()
    }


def counts(found):
    return found.n_read, found.n_decided, found.n_known, found.n_empty, len(found.rejected)
