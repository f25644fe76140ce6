import pandas as pd

from tasrib.attribute import load_contest
from training.party_elsewhere import HOME, figures, part_of
from training.world import load_world


def test_a_hand_that_is_written_later_is_kept_and_moves_no_other():
    hands = pd.Series(
        ["w25-03-angers-elections-pro", "w25-02-lille-gauche-numerique", "w25-03-angers-elections-pro"], index=[7, 3, 5]
    )
    parts = part_of(hands)
    assert parts.to_dict() == {7: "read", 3: "first_look", 5: "read"}
    more = part_of(pd.concat([hands, pd.Series(["w99-01-new", "w00-01-new"], index=[9, 1])]))
    assert more.loc[[9, 1]].tolist() == ["later", "later"]
    assert more.loc[hands.index].equals(parts)


def test_the_hands_named_wrote_campaign_in_countries_with_a_list():
    world = load_world()
    parts = part_of(world["batch"])
    assert world["batch"][parts == "read"].nunique() == 27
    assert world["batch"][parts == "first_look"].nunique() == 23
    assert all(load_contest(country).parties for country in world["country"][parts != "later"].unique())


def test_where_there_is_a_list_a_party_stands_in_it_or_is_moroccos_abroad():
    labelled = load_world().query("party != ''")
    home = {party.id for party in load_contest(HOME).parties}
    for country, rows in labelled.groupby("country"):
        here = {party.id for party in load_contest(str(country)).parties}
        assert not here or set(rows["party"]) <= home | here


def test_what_nobody_is_named_in_has_no_precision():
    found = figures(pd.Series(["a", ""]).to_numpy(dtype=str), pd.Series(["", ""]).to_numpy(dtype=str))
    assert (found["labelled"], found["named"], found["precision"]) == (1, 0, "-")
    assert found["recall"].startswith("0.000")
