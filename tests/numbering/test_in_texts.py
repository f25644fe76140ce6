"""Numbers in texts that leave the machine, as people of each country write them."""

import pandas as pd
import pytest
from frames import scored_frame

from tasrib.case import case_export
from tasrib.learning import label_export
from tasrib.numbering import received_in, without_numbers

# By country, a number in the spellings that people there use, and what of its digits nobody must see.
SPELLINGS = {
    "MA": ("661234567", ["0661234567", "06 61-23-45-67", "(06) 61 23 45 67", "٠٦٦١٢٣٤٥٦٧", "212 661 234567", "06\u200b61\u200e234567"]),
    "DZ": ("550123456", ["0550 12 34 56", "05.50.12.34.56", "213 550 12 34 56", "٠٥٥٠١٢٣٤٥٦", "(0550) 123 456"]),
    "TN": ("20123456", ["20 123 456", "20123456", "20.123.456", "٢٠ ١٢٣ ٤٥٦", "216 20 123 456", "(20) 123 456", "20\u00a0123\u00a0456"]),
    "FR": ("612345678", ["06.12.34.56.78", "06 12 34 56 78", "33 6 12 34 56 78", "(06)12345678", "06\u00a012\u202f34 56 78", "06–12–34–56–78"]),
    "BE": ("470123456", ["0470/12.34.56", "0470 12 34 56", "(0470) 12.34.56", "32 470 12 34 56", "0470\u200b/\u200b123456", "٠٤٧٠١٢٣٤٥٦"]),
    "SN": ("771234567", ["77 123 45 67", "77.123.45.67", "(77) 123-45-67", "221 77 123 45 67", "wa.me/221771234567", "７７１２３４５６７"]),
    "CI": ("0707123456", ["07 07 12 34 56", "07-07-12-34-56", "225 07 07 12 34 56", "07.07.12.34.56", "٠٧ ٠٧ ١٢ ٣٤ ٥٦"]),
    "EG": ("1012345678", ["010 1234 5678", "01012345678", "٠١٠ ١٢٣٤ ٥٦٧٨", "20 10 1234 5678", "(010) 12345678", "010-1234-5678"]),
    "LB": ("71123456", ["71 123456", "71/123456", "71-123 456", "٧١ ١٢٣ ٤٥٦", "961 71 123 456", "71123456", "(71) 123.456"]),
    "MR": ("22123456", ["22 12 34 56", "22123456", "22-12-34-56", "٢٢١٢٣٤٥٦", "222 22 12 34 56"]),
}  # fmt: skip
SPELT = [(country, secret, typed) for country, (secret, spellings) in SPELLINGS.items() for typed in spellings]
# What looks like a number and is none: dates, prices, articles, hours, an order's.
SAID = [
    "le 03/12/2021 à 18h30", "le 31.12.2021", "le 2021-12-03", "20211203", "31122021", "10 000 DH", "20 123 456 dinars", "71 500 000 L.L.",
    "22 500 000", "article 47-1", "13 h 30 - 15 h 45", "dossier 2021/4567", "20 - 30 ans, 45 %", "٢٠ ١٢٣ ٤٥٦ دينار", "77 123 FCFA",
]  # fmt: skip
# So unlike each other that each is asked about.
WORDS = [
    "Réunion du candidat ce soir, appelez {} avant midi", "Je vends ma voiture, mon numéro est le {}, prix à débattre",
    "Docteur absent, joindre le remplaçant {} pour toute urgence", "عيطو ليا فهاد النمرة {} باش نتفاهمو على الكراء",
    "Livraison ratée: rappelez notre chauffeur {} svp", "Cours de maths à domicile {} tous niveaux", "Perdu chat gris, récompense, {}",
]  # fmt: skip


def digits_of(text):
    return "".join(str(int(sign)) for sign in text if sign.isdecimal())


def received(country, texts):
    return scored_frame(
        len(texts), text=texts, country=country, number_status="valid", category="news", probability=0.5, decision="review",
        language="fr",
    )  # fmt: skip


@pytest.mark.parametrize(("country", "secret", "typed"), SPELT)
def test_a_number_goes_as_people_of_the_country_write_it(country, secret, typed):
    left = without_numbers(f"Votez le 8 septembre 2021, appelez {typed} avant midi", [country])
    assert left.startswith("Votez le 8 septembre 2021, appelez ")
    assert left.endswith("[number] avant midi") or left.endswith("[number]) avant midi")
    assert digits_of(left) == "82021"


@pytest.mark.parametrize("country", SPELLINGS)
@pytest.mark.parametrize("said", SAID)
def test_dates_prices_and_articles_stay(country, said):
    text = f"Votez le pont, {said}, place centrale"
    assert without_numbers(text, [country]) == text


@pytest.mark.parametrize("country", SPELLINGS)
def test_messages_handed_on_hold_no_number(country, tmp_path):
    secret, spellings = SPELLINGS[country]
    texts = [words.format(typed) for words, typed in zip(WORDS, spellings, strict=False)]
    scored = received(country, texts)
    labelled = label_export(scored, tmp_path / "to.xlsx", corpus=pd.DataFrame({"text": ["Votez"], "test": False}))
    decided = case_export(scored, tmp_path / "case.xlsx", country=country)
    for handed in (labelled["text"], decided["text"]):
        assert sorted(map(len, handed)) == sorted(map(len, texts))
        assert not [text for text in handed if secret in digits_of(text)]


def test_where_messages_were_received_is_told_by_the_numbers_of_who_complained():
    frame = scored_frame(4, country=["BE", "FR", "SN", ""], number_status=["valid", "foreign", "valid", "missing"])
    assert received_in(frame) == ("SN", "BE")
    # Complaints of the diaspora alone, scored for another country.
    assert received_in(scored_frame(2, country=["BE", "US"], number_status="foreign")) == ("BE",)
    assert received_in(pd.DataFrame({"text": ["a"]})) == ()
