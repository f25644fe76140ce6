"""Wrong arguments at the door of every public function: one line that says what is wanted."""

import numpy as np
import pandas as pd
import pytest
from frames import scored_frame

import tasrib
from tasrib.classify import CampaignClassifier

TABLES = {
    "drift": lambda x, folder: tasrib.drift(x, x),
    "label_export": lambda x, folder: tasrib.label_export(x, folder / "a.xlsx"),
    "score": lambda x, folder: tasrib.score(x),
    "trace": lambda x, folder: tasrib.trace(x),
}
FILES = {
    "label_import": tasrib.label_import,
    "load_model": tasrib.load_model,
    "read_canaries": tasrib.read_canaries,
    "read_complaints": tasrib.read_complaints,
    "read_labelled": tasrib.read_labelled,
    "read_scored": tasrib.read_scored,
}


@pytest.mark.parametrize("wrong", [None, 3, "complaints.csv", ["x"], {"text": ["a"]}], ids=repr)
@pytest.mark.parametrize("call", TABLES.values(), ids=TABLES)
def test_what_is_no_table(tmp_path, call, wrong):
    with pytest.raises(tasrib.TasribError, match=r"expected a pandas\.DataFrame of .*complaints"):
        call(wrong, tmp_path)


@pytest.mark.parametrize("call", TABLES.values(), ids=TABLES)
def test_a_table_without_the_columns(tmp_path, call):
    for frame in (pd.DataFrame(), pd.DataFrame({"a": [1]})):
        with pytest.raises(tasrib.TasribError, match=r"missing|no column"):
            call(frame, tmp_path)


@pytest.mark.parametrize("wrong", [3, 2.5, pd.DataFrame({"a": [1]}), b"a.csv"], ids=lambda x: type(x).__name__)
@pytest.mark.parametrize("call", FILES.values(), ids=FILES)
def test_what_is_no_path(call, wrong):
    with pytest.raises(tasrib.TasribError, match="expected the path of"):
        call(wrong)


@pytest.mark.parametrize("settings", [{"min_people": 0}, {"prior_no_leak": 2}, {"country": "ZZ"}])
def test_settings_out_of_range(settings):
    with pytest.raises(tasrib.TasribError):
        tasrib.trace(scored_frame(3), **settings)


@pytest.fixture(scope="module")
def fitted(corpus):
    part = corpus.sample(400, random_state=1)
    return CampaignClassifier(bits=12, n_folds=2).fit(part["text"], part["category"])


def test_no_messages_give_no_answers(fitted):
    assert fitted.predict([]).shape == (0,)
    assert fitted.predict([]).dtype == fitted.classes_.dtype
    assert fitted.predict_proba(np.array([], dtype=object)).shape == (0, len(fitted.classes_))
    assert fitted.decision_function(pd.Series([], dtype="str")).shape == (0, len(fitted.classes_))


@pytest.mark.parametrize(
    ("messages", "words"),
    [
        (["a", float("nan")], "message 1 is missing"),
        (["a", None], "message 1 is missing"),
        (pd.Series(["a", pd.NA]), "message 1 is"),
        (["a", b"b"], "message 1 is bytes"),
        ("صوتوا", "wrap it in a list"),
        (pd.DataFrame({"text": ["a"]}), "got a table"),
        (None, "got NoneType"),
        (3, "got int"),
    ],
)
def test_what_is_no_message(fitted, messages, words):
    for call in (fitted.predict, fitted.predict_proba, fitted.decision_function):
        with pytest.raises(ValueError, match=words):
            call(messages)


def test_a_notebook_shows_what_was_found_and_runs_nothing():
    scored = scored_frame(
        60, decision=["campaign"] * 30 + ["not_campaign"] * 30, campaign_id=["c-1"] * 30 + [""] * 30, party="<script>x</script>",
        operator_allocated=["Inwi"] * 28 + ["Orange"] * 32, probability=0.5, language="fr",
    )  # fmt: skip
    result = tasrib.trace(scored)
    assert "1 campaigns, 1 large enough to test" in repr(result)
    page = result._repr_html_()
    assert "<script>" not in page
    assert "Inwi" in page


def test_a_notebook_shows_what_moved():
    words = [
        "réunion",
        "soldes",
        "recette",
        "match",
        "facture",
        "bonjour",
        "école",
        "marché",
        "train",
        "médecin",
        "voisin",
        "fête",
        "colis",
        "banque",
        "plage",
    ]
    old = scored_frame(15, text=[f"{word} " * 5 for word in words], language="fr", probability=0.2)
    found = tasrib.drift(old, old, permutations=20)
    assert "moved: nothing" in repr(found)
    assert "<li>" in found._repr_html_()
