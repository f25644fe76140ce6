import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from tasrib.tracing import trace
from tasrib.tracing.stats.word_power import WordTest, word_power
from training.simulation import document, running
from training.simulation.cells import counts
from training.simulation.document import write_study
from training.simulation.goals import goals
from training.simulation.judging import judge
from training.simulation.methods import oracle, peers_say
from training.simulation.running import measure, run_world, tracer_version
from training.simulation.scene import MARKET, OPERATORS
from training.simulation.situations import SITUATIONS, draw_world
from training.simulation.tables import frame
from training.simulation.world import World
from training.simulation.worlds import all_worlds

WORLDS = {world.name: world for world in all_worlds()}
TRACER = "of-tests"


@pytest.fixture(autouse=True)
def _named_tracer(monkeypatch):
    for module in (running, document):
        monkeypatch.setattr(module, "tracer_version", lambda: TRACER)


def drawn(world, seed=0):
    return draw_world(world, np.random.default_rng(seed))


def test_every_world_has_a_name_of_its_own_and_every_situation_occurs():
    assert len(WORLDS) == len(all_worlds())
    assert {world.situation for world in WORLDS.values()} == set(SITUATIONS)


@pytest.mark.parametrize("situation", sorted(SITUATIONS))
def test_a_world_is_drawn_twice_the_same_and_says_which_campaigns_leaked(situation):
    world = next(world for world in WORLDS.values() if world.situation == situation)
    first, again = drawn(world), drawn(world)
    pd.testing.assert_frame_equal(first.scored, again.scored)
    campaigns = first.scored.loc[first.scored["decision"] == "campaign", "campaign_id"]
    assert set(campaigns) == set(first.truth)
    assert set(first.scored["operator_allocated"]) <= {*OPERATORS, ""}
    assert first.scored["recipient"].nunique() > world.n


def test_half_a_list_holds_as_many_numbers_of_the_operator_as_lambda_and_porting_say():
    world = replace(WORLDS["half a list among 80, C"], n=20_000, controls=20_000)
    scored = drawn(world).scored
    is_case, at_c = scored["decision"] == "campaign", scored["operator_allocated"] == OPERATORS[2]
    assert at_c[is_case].mean() == pytest.approx(0.5 * MARKET[2] + 0.5 * 0.94, abs=0.015)
    assert at_c[~is_case].mean() == pytest.approx(MARKET[2], abs=0.015)
    said = scored[scored["operator_serving"] != ""]
    assert len(said) / len(scored) == pytest.approx(0.3, abs=0.015)
    # 6% ported, 2% wrong.
    differs = (said["operator_serving"] != said["operator_allocated"]).mean()
    assert differs == pytest.approx(0.06 * 0.98 + 0.94 * 0.02 + 0.06 * 0.02 / 2, abs=0.01)


def test_lists_of_a_dirichlet_world_differ_by_its_spread():
    scored = drawn(World("spread", spread=100, senders=150, controls=30_000)).scored
    shops = scored[(scored["decision"] != "campaign") & (scored["sender"] != "")]
    by = (shops["operator_allocated"] == OPERATORS[0]).groupby(shops["sender"]).agg(["mean", "size"])
    variance = MARKET[0] * (1 - MARKET[0]) * (1 / 101 + 100 / 101 * (1 / by["size"]).mean())
    assert by["mean"].std() == pytest.approx(np.sqrt(variance), rel=0.15)


def test_own_advertising_reaches_customers_under_one_sender_and_other_senders_reach_everyone():
    world = replace(WORLDS["an operator's own advertising 30%, one sender"], controls=6_000)
    scored = drawn(world).scored
    own = scored["sender"] == "MYLINE"
    at_a = scored["operator_allocated"] == OPERATORS[0]
    assert own.sum() == 1_800
    assert at_a[own].mean() > 0.9
    assert at_a[~own & (scored["decision"] != "campaign")].mean() == pytest.approx(MARKET[0], abs=0.03)


def test_who_complained_in_june_complains_again_in_september():
    scored = drawn(WORLDS["complained in earlier months, 2x"]).scored
    month = scored["received_at"].dt.month
    early, late = (set(scored.loc[kept, "recipient"]) for kept in (month < 9, month == 9))
    assert set(month) == {6, 7, 8, 9}
    assert len(early & late) > 0.3 * len(early)
    assert (month[scored["decision"] == "campaign"] == 9).all()


def test_a_dialled_block_has_one_prefix_and_numbers_within_ten_thousand():
    scored = drawn(WORLDS["a dialled block, numbers, campaigns: 7"]).scored
    dialled = scored.loc[scored["campaign_id"] == "c-00000000", "recipient"].str.removeprefix("+212").astype(int)
    assert len(set(dialled)) == 80
    assert len(set(dialled // 10_000)) == 1


def test_wordings_of_one_list_follow_the_operator_and_share_a_sender():
    scored = drawn(WORLDS["one list, 2 wordings, shared: sender"]).scored
    mine = scored[scored["decision"] == "campaign"]
    assert set(mine["sender"]) == {"VOTE2021"}
    assert mine["text"].nunique() == 2
    shares = (mine["operator_allocated"] == OPERATORS[1]).groupby(mine["campaign_id"]).mean()
    assert shares.max() - shares.min() > 0.5


def test_relatives_are_of_one_operator_and_filed_one_after_the_other():
    scored = drawn(WORLDS["one files for 30 relatives"]).scored
    mine = scored[scored["decision"] == "campaign"]
    family = mine[mine.groupby("received_at")["recipient"].transform("size") > 1]
    assert len(family) == 30
    assert family["operator_allocated"].nunique() == 1
    assert family["recipient"].nunique() == 30
    assert (family["complaint_id"].str[1:].astype(int).diff().dropna() == 1).all()


def test_a_bank_of_one_region_is_named_as_often_by_others_of_the_region():
    scored = drawn(replace(WORLDS["a bank strong in one region"], n=2_000, controls=6_000)).scored
    told = scored[scored["known_to"] != ""]
    is_case, bank = told["decision"] == "campaign", told["known_to"].str.contains("Banque")
    assert bank[is_case].mean() - bank[~is_case].mean() > 0.15
    here = told["region"] == told["region"].mode()[0]
    assert bank[is_case & here].mean() == pytest.approx(bank[~is_case & here].mean(), abs=0.04)


def test_a_finding_is_judged_by_whose_list_it_was():
    world = replace(WORLDS["a whole list among 40, C"], n=80, controls=240)
    case = drawn(world)
    result = trace(case.scored, replicates=99)
    (judged,) = judge(result, case)
    assert judged["found"]
    assert judged["flagged"]
    assert judged["pointed"]
    assert not judged["false_moderate"]
    assert judged["low"] <= judged["estimate"] <= judged["high"]
    # The same findings where nothing leaked are false, and so they are where the list was another operator's.
    clean = replace(case, truth=dict.fromkeys(case.truth, 0.0))
    (wrong,) = judge(result, clean)
    assert wrong["false_moderate"]
    assert not wrong["found"]
    assert "operators" in wrong["by"]
    (other,) = judge(result, replace(case, operator=0))
    assert other["false_moderate"]
    assert not other["found"]
    assert not other["pointed"]


def test_a_case_is_summed_up_by_what_was_said_wrongly_and_which_leaks_were_found():
    plain = dict.fromkeys(("false_moderate", "false_strong", "found", "found_strong", "flagged", "pointed"), False)
    plain |= {"share": 0.0, "by": [], "covered": None}
    leak = {"share": 0.5, "found": True, "flagged": True, "pointed": True, "covered": True} | dict.fromkeys(
        ("low", "high", "estimate"), 0.5
    )
    wrong = {"false_moderate": True, "flagged": True, "by": ["holders"]}
    found = measure([plain | leak, plain | leak, plain | {"share": 0.5}, plain | wrong, plain])
    assert found["alarm"]
    assert found["alarm_p"]
    assert not found["alarm_strong"]
    assert (found["leaks"], found["found"], found["pointed"], found["known"]) == (3, 2, 2, 2)
    assert found["false_share"] == pytest.approx(1 / 3)
    assert found["by holders"]
    assert measure([plain, plain])["false_share"] == 0


def test_peers_see_the_counts_of_the_scored_complaints():
    world = WORLDS["core: n 100, λ 0.3 C, bias 1.5, 4 regions"]
    case = drawn(world)
    x, y = counts(case.scored)
    assert x.shape == (4, 3)
    assert (x.sum(), y.sum()) == (100, 200)
    said = peers_say(x, y, world)
    assert set(said) == {"chi_square", "guilt", "guilt_cut", "oracle", "fisher_holm", "fisher_right"}
    assert 0.95 < oracle(world)[1] <= 1


def test_a_world_that_is_done_is_read_and_not_drawn_again(tmp_path, monkeypatch):
    world = WORLDS["core: n 30, no leak"]
    first = run_world(world, 2, tmp_path)
    assert first["cases"] == 2
    monkeypatch.setattr(running, "cases_of", lambda *_: pytest.fail("drawn again"))
    assert run_world(world, 2, tmp_path) == first
    # Other settings under the same name are another world.
    with pytest.raises(pytest.fail.Exception):
        run_world(replace(world, controls=90), 2, tmp_path)


def test_the_tracer_bears_the_name_of_what_it_finds(monkeypatch):
    monkeypatch.setattr(running, "all_worlds", lambda: [WORLDS["half a list among 80, C"]])
    first = tracer_version.__wrapped__()
    assert tracer_version.__wrapped__() == first

    def another(*arguments, **settings):
        found = trace(*arguments, **settings)
        return replace(found, findings=found.findings.assign(posterior=found.findings["posterior"] * 0.99))

    monkeypatch.setattr(running, "trace", another)
    assert tracer_version.__wrapped__() != first


def study(alarm):
    names = ("leaks", "found", "found_strong", "flagged", "pointed", "known", "covered", "low", "high", "estimate")
    found = []
    for world in WORLDS.values():
        cases = max(round(1_000 * world.part), 1)
        leaks = world.leaking * cases
        sums = dict.fromkeys(("alarm", "alarm_strong", "alarm_p", "false_share", "false_share_p"), alarm * cases)
        sums |= dict.fromkeys(names, leaks) | {"covered": 0.95 * leaks, "by tree": alarm * cases}
        power = 1.0 if world.core and leaks else None
        found.append((world, {"cases": cases, "sums": sums, "oracle_power": power, "seconds": 1.0, "tracer": TRACER}))
    return found


def test_each_goal_is_said_to_be_met_or_missed_with_its_figure():
    met, missed = goals(frame(study(0.0))), goals(frame(study(0.2)))
    assert len(met) == len(missed)
    assert all("**met**" in line for line in met if "tasrib power" not in line)
    assert "**MISSED**" in missed[0]
    assert "highest 20.0%" in missed[0]
    assert sum("**MISSED**" in line for line in missed) == 5


def test_power_is_held_against_what_was_found_where_lists_do_not_differ():
    plain, differ = "half a list among 80, C", "half a list among 80, C, Dirichlet(100)"
    table = frame([(world, found) for world, found in study(0.0) if world.name in (plain, differ)])
    test = WordTest(0.06, 3, senders=12)
    for found, said in ((word_power(80, 240, 0.5, 0.275, test), "**met** (1 of 1"), (0.5, "**MISSED** (0 of 1")):
        (line,) = [line for line in goals(table.assign(found=found)) if "`tasrib power`" in line]
        assert said in line
        assert plain in line


def test_the_document_lists_every_world_once_and_its_figures_as_json(tmp_path):
    text = write_study(study(0.02), tmp_path)
    for name, world in WORLDS.items():
        assert world.core or world.goal == "coverage" or text.count(f"| {name} |") == 1
    rows = json.loads((tmp_path / "operating_characteristics.json").read_text(encoding="utf-8"))
    assert [row["name"] for row in rows] == list(WORLDS)
    assert "tree 2.0%" in text
    assert all("Maroc" not in part.read_text(encoding="utf-8") for part in tmp_path.glob("*.md"))


def test_what_was_measured_before_stays_and_is_told_apart(tmp_path):
    everything = study(0.02)
    old = [(world, found | {"tracer": "another"}) for world, found in everything[:-1]]
    write_study(old, tmp_path)
    first, others = everything[:1], [world for world, _ in everything[1:]]
    text = write_study(first, tmp_path, others)
    rows = json.loads((tmp_path / "operating_characteristics.json").read_text(encoding="utf-8"))
    assert len(rows) == len(everything) - 1
    earlier, never = (
        text.split(f"## {title}")[1].split("##")[0] for title in ("Measured with an earlier tracer", "Not run yet")
    )
    assert earlier.count("\n- ") == len(everything) - 2
    assert never.split("\n- ")[1:] == [f"{everything[-1][0].name}\n"]
    changed = [replace(others[0], senders=3), *others[1:]]
    assert f"- {others[0].name}\n" in write_study(first, tmp_path, changed).split("## Not run yet")[1]
