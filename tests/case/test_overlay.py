"""People's decisions over what the model said: what holds, and that nothing of either is lost."""

import pandas as pd
import pytest
from deciding import CODE, FORMULA, MEETING, OFFER, ROSE, ROWS, TRACTOR, case_frame

import tasrib
from tasrib.case import chain, decided, decisions_file, label_apply, read_decisions
from tasrib.case.messages import message_key
from tasrib.errors import TasribError, UnreadableInput
from tasrib.scored import check, read_scored
from tasrib.tables import write_table

MODEL = ["model_decision", "model_category", "model_party", "model_campaign_id"]


def said(layer, *lines):
    """Add lines to a log as `label_apply` does."""
    plain = dict.fromkeys(
        ["message", "text", "decision", "category", "party", "campaign", "anchor", "into", "into_anchor"]
    )
    chain.append(layer, [{"kind": "message", "who": "NB", "remark": "", "source": {}} | plain | line for line in lines])
    return read_decisions(layer)


def message(text, **fields):
    return {"message": message_key(text), "text": text} | fields


def merge(campaign, into, **fields):
    return {"kind": "merge", "campaign": campaign, "into": into} | fields


@pytest.fixture
def layer(tmp_path):
    return tmp_path / "scored.decisions.jsonl"


def of(table, text, *names):
    found = table.loc[table["text"] == text, list(names)].drop_duplicates()
    assert len(found) == 1
    return found.iloc[0].tolist() if len(names) > 1 else found.iloc[0, 0]


def test_the_persons_word_holds_and_the_models_is_kept(scored, layer):
    decisions = said(
        layer,
        message(FORMULA, decision="campaign", party="PAM"),
        message(MEETING, decision="undecided", who="KA"),
        message(TRACTOR, decision="not_campaign", category="news"),
    )
    table = decided(scored, decisions)
    assert len(table) == len(scored)
    asked = ("decision", "category", "party", "campaign_id", "decided_by")
    assert of(table, FORMULA, *asked) == ["campaign", "political_campaign", "PAM", "c-0000000d", "NB"]
    assert of(table, MEETING, *asked) == ["review", "community", "", "c-0000000c", "KA"]
    assert of(table, TRACTOR, *asked) == ["not_campaign", "news", "", "", "NB"]
    assert of(table, OFFER, *asked) == ["not_campaign", "commercial", "", "", "model"]
    assert of(table, TRACTOR, *MODEL) == ["campaign", "political_campaign", "", "c-0000000b"]
    assert of(table, OFFER, *MODEL) == ["not_campaign", "commercial", "", ""]
    assert table["decided_at"].notna().equals(table["decided_by"] != "model")
    assert check(table) is table


def test_nothing_was_decided(scored, file):
    table = decided(scored, read_decisions(file))
    pd.testing.assert_frame_equal(table[list(scored.columns)], scored)
    assert (table["decided_by"] == "model").all()
    assert table["model_decision"].tolist() == scored["decision"].tolist()


def test_laid_over_twice_is_laid_over_once(scored, layer):
    decisions = said(layer, message(FORMULA, decision="campaign", party="PAM"), merge("c-0000000a", "c-0000000b"))
    once = decided(scored, decisions)
    pd.testing.assert_frame_equal(decided(once, decisions), once)
    # And taken back where the later word is another one.
    later = said(layer, message(FORMULA, decision="not_campaign"), merge("c-0000000a", "c-0000000a"))
    pd.testing.assert_frame_equal(decided(once, later), decided(scored, later), check_like=True)


@pytest.mark.parametrize("suffix", [".parquet", ".csv", ".xlsx", ".jsonl"])
def test_a_file_gives_the_columns_back_in_their_types(scored, layer, tmp_path, suffix):
    table = decided(scored, said(layer, message(FORMULA, decision="campaign", party="PAM")))
    write_table(table, tmp_path / f"x{suffix}")
    back = read_scored(tmp_path / f"x{suffix}")
    pd.testing.assert_frame_equal(back, table, check_index_type=False)
    assert not {"decided_at", *MODEL} & set(read_scored_again(scored, tmp_path, suffix).columns)


def read_scored_again(scored, folder, suffix):
    write_table(scored, folder / f"plain{suffix}")
    return read_scored(folder / f"plain{suffix}")


def test_the_index_may_be_any(scored, layer):
    decisions = said(layer, message(FORMULA, decision="campaign"))
    moved = scored.set_axis([7] * len(scored))
    table = decided(moved, decisions)
    assert table.index.tolist() == [7] * len(scored)
    assert table["decision"].tolist() == decided(scored, decisions)["decision"].tolist()


def test_a_person_without_a_model_beside(scored, layer):
    by_hand = scored.assign(decided_by="SM")
    table = decided(by_hand, said(layer, message(FORMULA, decision="not_campaign")))
    assert of(table, FORMULA, "decision", "decided_by", "model_decision") == ["not_campaign", "NB", ""]
    assert of(table, TRACTOR, "decision", "decided_by", "model_decision") == ["campaign", "SM", ""]


def test_no_campaign_without_another_category_has_none(scored, layer):
    decisions = said(layer, message(TRACTOR, decision="not_campaign"), message(MEETING, decision="not_campaign"))
    table = decided(scored, decisions)
    assert of(table, TRACTOR, "category") == ""
    assert of(table, MEETING, "category") == "community"


def test_a_party_is_taken_away(scored, layer):
    named = scored.assign(party="PAM", party_evidence="tracteur")
    table = decided(named, said(layer, message(TRACTOR, decision="campaign", party="")))
    assert of(table, TRACTOR, "party", "party_evidence", "model_party") == ["", "", "PAM"]
    assert of(table, ROSE, "party", "party_evidence") == ["PAM", "tracteur"]


# ---- campaigns


def test_three_wordings_become_one_campaign(scored, layer):
    decisions = said(
        layer, merge("c-0000000a", "c-0000000b"), message(FORMULA, decision="campaign", campaign="c-0000000b")
    )
    table = decided(scored, decisions)
    assert {of(table, text, "campaign_id") for text in (ROSE, TRACTOR, FORMULA)} == {"c-0000000b"}
    assert of(table, ROSE, "model_campaign_id", "decided_by") == ["c-0000000a", "model"]
    result = tasrib.trace(table)
    assert result.campaigns.set_index("campaign_id")["n_messages"].to_dict() == {"c-0000000b": 13}


def test_one_campaign_becomes_two(scored, layer):
    other = ("Votez pour la liste du tracteur le 8 septembre, pour vos routes", 2, *ROWS[2][2:])
    frame = case_frame([*ROWS, other])
    table = decided(frame, said(layer, message(other[0], decision="campaign", campaign="Routes")))
    assert of(table, other[0], "campaign_id") == "Routes"
    assert of(table, TRACTOR, "campaign_id") == "c-0000000b"


@pytest.mark.parametrize(
    ("lines", "one"),
    [
        ([("a", "b"), ("b", "c")], {"a": "c", "b": "c"}),
        ([("b", "c"), ("a", "b")], {"a": "c", "b": "c"}),
        ([("a", "b"), ("b", "a")], {"b": "a"}),
        ([("a", "b"), ("b", "c"), ("c", "a")], {"b": "a", "c": "a"}),
        ([("a", "b"), ("a", "c")], {"a": "c"}),
        ([("a", "b"), ("a", "a")], {}),
        ([("a", "b"), ("b", "c"), ("b", "b")], {"a": "b"}),
        ([("a", "a")], {}),
    ],
)
def test_chains_and_circles_of_campaigns(layer, lines, one):
    texts = {"a": ROSE, "b": TRACTOR, "c": "Le comité vous attend au stade dimanche"}
    frame = case_frame([(text, 1, "political_campaign", "campaign", name) for name, text in texts.items()])
    table = decided(frame, said(layer, *(merge(*line) for line in lines)))
    assert {name: of(table, text, "campaign_id") for name, text in texts.items()} == {n: n for n in texts} | one


def test_campaigns_on_their_sheet(file, fill):
    found = label_apply(
        file, fill({}, {"c-0000000a": {"same_as": "c-0000000b"}, "c-0000000b": {"same_as": "c-0000000a"}})
    )
    # Each names the other: they are one, and the second row says nothing new.
    assert (found.n_decided, found.n_known, len(found.rejected)) == (1, 1, 0)
    table = decided(read_scored(file), read_decisions(file))
    assert {of(table, text, "campaign_id") for text in (ROSE, TRACTOR)} == {"c-0000000b"}
    label_apply(
        file, fill({}, {"c-0000000b": {"same_as": "c-0000000b"}}, name="no.xlsx", decisions=read_decisions(file))
    )
    label_apply(file, fill({}, {"c-0000000a": {"same_as": "c-0000000a"}}, name="apart.xlsx"))
    table = decided(read_scored(file), read_decisions(file))
    assert [of(table, text, "campaign_id") for text in (ROSE, TRACTOR)] == ["c-0000000a", "c-0000000b"]


@pytest.mark.parametrize(
    ("campaigns", "said"),
    [
        ({"c-0000000a": {"same_as": "c-0000000f"}}, "did you mean"),
        ({"c-0000000a": {"same_as": "Rose"}}, "no campaign of the scored file"),
        ({"c-0000000a": {"remark": "à voir"}}, "stands alone"),
    ],
)
def test_campaigns_that_are_none(file, fill, campaigns, said):
    found = label_apply(file, fill({}, campaigns))
    assert said in found.rejected["reason"].iloc[0]
    assert not decisions_file(file).exists()


def test_a_name_given_on_one_sheet_is_known_on_the_other(file, fill):
    found = label_apply(
        file, fill({FORMULA: {"decision": "oui", "campaign": "Voisins"}}, {"c-0000000a": {"same_as": "voisins"}})
    )
    assert not len(found.rejected)
    table = decided(read_scored(file), read_decisions(file))
    assert {of(table, text, "campaign_id") for text in (ROSE, FORMULA)} == {"Voisins"}


def test_what_the_model_put_into_no_campaign_joins_its_near_duplicates(layer):
    like = TRACTOR.replace("écoles", "routes")
    frame = case_frame([*ROWS, (like, 1, "commercial", "not_campaign", "")])
    decisions = said(
        layer,
        *(message(text, decision="campaign") for text in (like, OFFER, OFFER.replace("dimanche", "samedi"), CODE)),
    )
    table = decided(frame, decisions)
    assert of(table, like, "campaign_id") == "c-0000000b"
    alone = {of(table, text, "campaign_id") for text in (OFFER, CODE)}
    assert len(alone) == 2
    assert all(name.startswith("c-") for name in alone)


# ---- another run


def test_another_run_takes_the_decisions_by_what_messages_say(file, fill):
    label_apply(file, fill({FORMULA: {"decision": "oui", "party": "PAM"}}, {"c-0000000a": {"same_as": "c-0000000b"}}))
    # More complaints, other rows, other ids of campaigns, another number in a message.
    renamed = {"c-0000000a": "c-0000001a", "c-0000000b": "c-0000001b"}
    rows = [
        (text, n, category, decision, renamed.get(name, name)) for text, n, category, decision, name in reversed(ROWS)
    ]
    again = case_frame([*rows, (FORMULA.replace("8", "٨"), 2, "news", "review", "")])
    table = decided(again, read_decisions(file))
    assert set(table.loc[table["decided_by"] == "NB", "text"]) == {FORMULA, FORMULA.replace("8", "٨")}
    assert {of(table, text, "campaign_id") for text in (ROSE, TRACTOR)} == {"c-0000001b"}
    # The workbook of the new run takes the same row for known.
    write_table(again, file)
    found = label_apply(file, fill({}, {"c-0000001a": {"same_as": "c-0000001b"}}, name="again.xlsx", frame=again))
    assert (found.n_decided, found.n_known) == (0, 1)


def test_the_logs_of_several_files_are_one_in_the_order_of_time(tmp_path, monkeypatch, scored):
    from datetime import UTC, datetime

    class Clock(datetime):
        moment = datetime(2026, 11, 29, tzinfo=UTC)

        @classmethod
        def now(cls, tz=None):
            return cls.moment

    monkeypatch.setattr(chain, "datetime", Clock)
    for name, hour, decision in (("july", 9, "campaign"), ("august", 7, "not_campaign"), ("august", 11, "undecided")):
        Clock.moment = datetime(2026, 11, 29, hour, tzinfo=UTC)
        said(tmp_path / f"{name}.decisions.jsonl", message(FORMULA, decision=decision))
    decisions = read_decisions([tmp_path / "july.parquet", tmp_path / "august.parquet"])
    assert decisions["decision"].tolist() == ["not_campaign", "campaign", "undecided"]
    assert of(decided(scored, decisions), FORMULA, "decision") == "review"


def test_what_is_no_layer_is_refused(tmp_path, scored):
    chain.append(tmp_path / "x.decisions.jsonl", [{"kind": "opened", "who": "NB"}])
    with pytest.raises(UnreadableInput, match="line 1: is no decision"):
        read_decisions(tmp_path / "x.decisions.jsonl")
    with pytest.raises(TasribError, match=r"decisions, as from tasrib\.read_decisions"):
        decided(scored, scored)
    for name in ("none.parquet", "none.decisions.jsonl"):
        with pytest.raises(UnreadableInput, match="no such file"):
            read_decisions(tmp_path / name)


def test_the_name_of_the_layer_fits_any_disk(tmp_path):
    name = decisions_file(tmp_path / f"{'ش' * 120}.parquet").name
    assert len(name.encode()) <= 255
    assert name.endswith(".decisions.jsonl")
