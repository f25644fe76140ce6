"""The many names of an operator."""

import pandas as pd
import pytest

from tasrib.errors import BadReferenceData, TasribError
from tasrib.numbering import HOME_COUNTRIES, canonical_operator, operators_of, serving_operator
from tasrib.numbering.operators import load_operators


@pytest.mark.parametrize(
    ("country", "written", "operator"),
    [
        ("MA", "IAM", "Maroc Telecom"),
        ("MA", "maroc télécom", "Maroc Telecom"),
        ("MA", "MarocTelecom", "Maroc Telecom"),
        ("MA", "Itissalat Al-Maghrib", "Maroc Telecom"),
        ("MA", "اتصالات المغرب", "Maroc Telecom"),
        ("MA", "إتّصالات المغرب", "Maroc Telecom"),
        ("MA", "IAM / Maroc Telecom", "Maroc Telecom"),
        ("MA", "Méditel", "Orange"),
        ("MA", "MEDITEL", "Orange"),
        ("MA", "ميديتل", "Orange"),
        ("MA", "Orange Maroc", "Orange"),
        ("MA", "أورنج", "Orange"),
        ("MA", "اورانج", "Orange"),
        ("MA", "Orange (ex Méditel)", "Orange"),
        ("MA", "inwi", "Inwi"),
        ("MA", "Wana", "Inwi"),
        ("MA", "Bayn", "Inwi"),
        ("MA", "إنوي", "Inwi"),
        ("MA", "انوى", "Inwi"),
        ("MA", "ﺇﻧﻮﻱ", "Inwi"),
        ("DZ", "جيزي", "Djezzy"),
        ("DZ", "Nedjma", "Ooredoo"),
        ("DZ", "أوريدو", "Ooredoo"),
        ("DZ", "موبيليس", "Mobilis"),
        ("TN", "اتصالات تونس", "Tunisie Telecom"),
        ("TN", "Orange Tunisie", "Orange"),
        ("TN", "Tunisiana", "Ooredoo"),
        ("MR", "Moov Mauritel", "Mauritel"),
        ("MR", "شنقيتل", "Chinguitel"),
        ("FR", "Bouygues Telecom", "Bouygues"),
        ("FR", "Orange", "Orange France"),
        ("FR", "free", "Free Mobile"),
        ("FR", "B&You", "Bouygues"),
        ("SN", "Free Sénégal", "Yas"),
        ("SN", "tigo", "Yas"),
        ("SN", "Sonatel (Orange)", "Orange"),
        ("CI", "moov africa", "Moov"),
        ("CI", "Orange Cote d'Ivoire", "Orange"),
        ("EG", "فودافون", "Vodafone"),
        ("EG", "موبينيل", "Orange"),
        ("EG", "المصرية للاتصالات", "TE"),
        ("EG", "شركة اتصالات", "Etisalat"),
        ("EG", "we", "TE"),
        ("EG", "e", ""),
        ("LB", "mtc touch", "Touch"),
        ("LB", "تاتش", "Touch"),
        ("LB", "ألفا", "Alfa"),
        ("BE", "Mobistar", "Orange"),
        ("BE", "Telenet / BASE", "Telenet"),
        ("BE", "Proximus ou Base", ""),
        ("MA", "", ""),
        ("MA", "je ne sais pas", ""),
        ("MA", "Djezzy", ""),
        ("MA", "Orange ou Inwi", ""),
        ("MA", "orangerie", ""),
        ("MA", None, ""),
        ("MA", float("nan"), ""),
    ],
)
def test_an_operator_by_any_of_its_names(country, written, operator):
    assert canonical_operator(written, country) == operator


def test_canonical_names_stand_for_themselves():
    for country in HOME_COUNTRIES:
        for operator in operators_of(country):
            assert canonical_operator(operator, country) == operator


def test_an_unknown_country_is_an_error():
    with pytest.raises(TasribError, match="MA"):
        canonical_operator("IAM", "XX")


def test_serving_operator_keeps_the_index_and_guesses_nothing():
    declared = pd.Series(["iam", None, "inwi", "?"], index=[3, 1, 1, "x"])
    serving = serving_operator(declared, "MA")
    assert list(serving) == ["Maroc Telecom", "", "Inwi", ""]
    assert list(serving.index) == [3, 1, 1, "x"]
    assert serving.name == "operator_serving"


def test_one_alias_for_two_operators_is_refused(tmp_path):
    path = tmp_path / "operators.csv"
    path.write_text("country,operator,alias,source,date\nMA,A,X,s,2020-01-01\nMA,B,x,s,2020-01-01\n")
    with pytest.raises(BadReferenceData, match=r"operators.csv, row 3, column alias"):
        load_operators(path)
