"""No column but the message itself shows a complainant's number that was typed into the message, whatever its spelling."""

import re

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import tasrib
from tasrib.numbering import hide_in_reasons, hide_numbers
from tasrib.numbering.plan import plan_of

# Invented: country, digits with which its mobile numbers begin, how many follow, trunk, groupings of the national number at home.
_MOBILES = {
    "MA": ("61", 7, "0", (1, 2, 2, 2, 2)),
    "FR": ("63", 7, "0", (1, 2, 2, 2, 2)),
    "SN": ("77", 7, "", (2, 3, 2, 2)),
    "CI": ("07", 8, "", (2, 2, 2, 2, 2)),
    "EG": ("10", 8, "0", (2, 4, 4)),
    "LB": ("3", 6, "0", (1, 3, 3)),
    "BE": ("47", 7, "0", (3, 2, 2, 2)),
}
_ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
_MESSAGES = (
    "صوتوا على الوردة يوم 8 شتنبر {} مرشحكم معكم",
    "Votez pour la liste le 8 septembre, appelez {} merci",
    "متنساوش تصوتو للرمز ديالنا {}",
    "{} votez tous pour notre candidat, prix 250 DH, le 12/09/2021",
)
_ROUND = (
    "{}",
    "tel:{}",
    "Tél{}merci",
    "اتصل:{}",
    "({})",
    "\u200e{}\u200f",
    "\u202b{}\u202c",
    "{},",
    "جريدة{}",
    "n°{}.",
)


@st.composite
def typed(draw):
    """A home country, a number's national digits, and how a message writes it."""
    home, whose = draw(st.sampled_from(sorted(_MOBILES))), draw(st.sampled_from(sorted(_MOBILES)))
    begins, more, trunk, groups = _MOBILES[whose]
    rest = draw(
        st.lists(st.sampled_from("0123456789"), min_size=more, max_size=more).filter(lambda some: len(set(some)) > 3)
    )
    national = begins + "".join(rest)
    gap = draw(st.sampled_from(["", " ", ".", "-", "\u00a0", "/"]))
    parts, at = [], 0
    for size in groups:
        parts.append(national[at : at + size])
        at += size
    written = gap.join(parts)
    code = plan_of(whose).code
    links = ("wa.me/{}", "https://wa.me/{}?text=salut", "https://api.whatsapp.com/send?phone={}&text=a")
    forms = [f"+{code}{gap}{written}", f"00{code}{gap}{written}"]
    forms += [f"(+{code}){gap}{written}"] if gap != "/" else []
    forms += [link.format(code + national) for link in links]
    if home == whose:
        forms += 3 * [trunk + written] + [code + national]
    form = draw(st.sampled_from(forms))
    if draw(st.booleans()) and "/" not in form:
        form = form.translate(_ARABIC)
    around = draw(st.sampled_from(_ROUND)) if "wa.me" not in form and "phone=" not in form else "{}"
    return home, national, draw(st.sampled_from(_MESSAGES)).format(around.format(form))


def _digits(cell):
    return "".join(str(int(sign)) for sign in cell if sign.isdecimal())


def _shown(reasons):
    """The digits of a cell of reasons that are no weight's and no pseudonym's."""
    return [_digits(piece) for piece in re.split(r" [+-]\d+\.\d(?:; |$)", reasons)]


@given(st.lists(typed(), min_size=1, max_size=8))
@settings(max_examples=25, deadline=None)
def test_no_piece_of_a_message_shows_a_number(found):
    model = tasrib.load_model().fast()
    for home, national, text in found:
        (said,) = tasrib.explain([text], model=model)
        cells = pd.Series([said.heaviest(99)], dtype="str")
        (hides,) = hide_in_reasons(cells, pd.Series([text], dtype="str"), lambda number: "P", country=home)
        shown = _shown(hides)
        assert not any(national[-6:] in digits for digits in shown), (home, text, hides)
        # Nor in groups, side by side or in any order.
        groups = [digits for digits in shown if len(digits) > 1 and digits in national]
        assert sum(map(len, groups)) < 5, (home, text, hides)


@given(st.lists(typed(), min_size=6, max_size=6), st.data())
@settings(max_examples=4, deadline=None)
def test_no_column_but_the_message_shows_a_number(found, data):
    home = data.draw(st.sampled_from([home for home, _, _ in found]))
    mine = [(national, text) for whose, national, text in found if whose == home]
    complaints = pd.DataFrame({"text": [text for _, text in mine], "recipient": "0612345678"}).astype("str")
    scored = tasrib.score(complaints, model=tasrib.load_model().fast(), key=b"k" * 32, country=home)
    for name in ("reasons", "party_evidence", "party", "campaign_id", "template_id", "recipient", "category"):
        for cell, (national, _) in zip(scored[name], mine, strict=True):
            assert not any(national[-6:] in digits for digits in _shown(cell)), (name, cell)


@pytest.mark.parametrize("home", sorted(_MOBILES))
def test_what_is_no_number_of_a_person_stays(home):
    cells = [
        "le 12/09/2021 -0.4; 250 DH +1.2; 2021 -0.3",
        "https://ex.example/123456 -0.4; code 482913 +0.2; 10.000.000 +0.1",
        "whole message -3.0; 2021-09-08 -0.5; 18:30 +12.5",
        "cannot be read: its letters, script or spelling are unknown to the model; 1 250,00 -0.6",
        "dossier PL-2021-000123 -0.4; 50% +0.3",
    ]
    reasons = pd.Series(cells, dtype="str")
    texts = pd.Series(["le 12/09/2021, 250 DH, +33612345678 ou 2021"] * len(cells), dtype="str")
    assert hide_in_reasons(reasons, texts, lambda number: "P", country=home).tolist() == cells
    assert hide_numbers(
        reasons.str.replace(r" [+-]\d+\.\d", "", regex=True), lambda number: "P", country=home
    ).tolist() == [re.sub(r" [+-]\d+\.\d", "", cell) for cell in cells]


def test_a_number_with_any_weight_goes_and_the_weight_stays():
    cells = pd.Series(
        ["+33612345678 -0.4; promo +1.0", "a +1.0; 0033612345678 -10.4", "wa.me/33612345678 -0.4"], dtype="str"
    )
    hides = hide_in_reasons(cells, cells, lambda number: "P").tolist()
    assert hides == ["P -0.4; promo +1.0", "a +1.0; P -10.4", "wa.me/P -0.4"]


@pytest.mark.parametrize("home", ["MA", "FR", "BE", "SN", "CI", "EG", "LB", "TN", "DZ", "MR"])
@pytest.mark.parametrize(
    "number",
    ["33612345678", "00221771234567", "221771234567", "32470123456", "2250707123456", "201012345678", "96171123456", "9613123456",
     "21620123456", "213550123456", "212661234567", "22222123456", "٣٣٦١٢٣٤٥٦٧٨", "330612345678"],
)  # fmt: skip
def test_a_number_with_its_country_s_code_and_no_plus_goes(home, number):
    text = f"appelez {number} ce soir"
    cells = pd.Series(
        [f"{number} -0.4; ce soir +0.2", f"appelez {number} +1.2", f"{number[:6]} +0.4; {number[6:]} -0.1"], dtype="str"
    )
    texts = pd.Series([text, text, f"appelez {number[:6]} {number[6:]} ce soir"], dtype="str")
    hides = hide_in_reasons(cells, texts, lambda number: "P", country=home).tolist()
    assert hides[:2] == ["P -0.4; ce soir +0.2", "appelez P +1.2"]
    assert hide_numbers(pd.Series([f"tel {number}"], dtype="str"), lambda number: "P", country=home)[0] == "tel P"


@pytest.mark.parametrize("home", ["MA", "FR", "BE", "SN", "CI", "EG", "LB", "TN", "DZ", "MR"])
def test_orders_bills_and_accounts_stay(home):
    said = [
        "commande 4500123789",
        "facture 100200300400",
        "colis 83612345671",
        "réf 1630000000",
        "compte 0078100004512",
        "suivi 12345678901234",
    ]
    cells = pd.Series([f"{each} -0.4" for each in said], dtype="str")
    texts = pd.Series([f"votre {each} est prêt" for each in said], dtype="str")
    assert hide_in_reasons(cells, texts, lambda number: "P", country=home).tolist() == cells.tolist()


@pytest.mark.parametrize(
    ("home", "number"), [("TN", "20123456"), ("LB", "71123456"), ("MR", "22123456"), ("TN", "٢٠١٢٣٤٥٦")]
)
def test_a_number_of_eight_digits_goes_from_a_piece_with_words(home, number):
    cells = pd.Series([f"appelez {number} +1.2", f"le 31122021, {number} -0.1"], dtype="str")
    texts = pd.Series([f"appelez {number} ce soir", f"le 31122021, {number}"], dtype="str")
    hides = hide_in_reasons(cells, texts, lambda number: "P", country=home).tolist()
    assert hides == ["appelez P +1.2", "le 31122021, P -0.1"]


def test_groups_of_one_number_are_known_by_the_message():
    cells = pd.Series(["0470 +1.0; 12 +0.9; 34 -0.8; 56 -0.7; 15 +0.1"], dtype="str")
    texts = pd.Series(["votez 0470 12 34 56 le 15"], dtype="str")
    assert (
        hide_in_reasons(cells, texts, lambda number: "P", country="BE")[0] == "P +1.0; P +0.9; P -0.8; P -0.7; 15 +0.1"
    )


def test_a_number_in_groups_as_at_home_goes_from_other_columns():
    cells = pd.Series(["dossier 0470 12 34 56", "dossier 03 123 456"], dtype="str")
    assert hide_numbers(cells, lambda number: "P", country="BE").tolist() == ["dossier P", "dossier 03 123 456"]
    assert hide_numbers(cells, lambda number: "P", country="LB").tolist() == ["dossier 0470 12 34 56", "dossier P"]
