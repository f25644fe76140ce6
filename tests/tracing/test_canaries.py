"""Numbers that one holder only was given: reading them, matching them, weighing them. All numbers are invented."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from scipy.integrate import dblquad, quad

import tasrib
from tasrib.complaints.pseudonyms import pseudonym
from tasrib.errors import TasribError
from tasrib.tracing.canary_lists import read_canaries
from tasrib.tracing.comparisons.canaries import CANARY_COLUMNS, canary_evidence
from tasrib.tracing.stats.canary import HitChances, weigh_hits


def numbers(start, count):
    """Invented numbers, far apart."""
    return [f"+2126{start + 20_000 * i:08d}" for i in range(count)]


BANK, UNION = numbers(10_000_000, 3), numbers(50_000_000, 4)


@pytest.fixture
def canaries():
    return pd.DataFrame({"number": BANK + UNION, "holder": ["bank X"] * 3 + ["union Y"] * 4})


def row(table, campaign, holder):
    return table[(table["campaign_id"] == campaign) & (table["holder"] == holder)].iloc[0]


def log10_lr(canaries, hit, **options):
    return canary_evidence(canaries, {"c1": hit}, **options).set_index("holder")["log10_lr"]


def test_one_hit_on_one_by_hand():
    # A leaked canary is hit with chance 1/2 on average, and if not, with 1/100 by dialling, as any other number.
    one = pd.DataFrame({"number": BANK[:1], "holder": ["bank X"]})
    table = canary_evidence(one, {"c1": BANK[:1]}, dialled=1e6, number_space=1e8, everywhere=0)
    found = row(table, "c1", "bank X")
    assert list(table.columns) == list(CANARY_COLUMNS)
    assert found["log10_lr"] == pytest.approx(np.log10((0.5 + 0.5 * 0.01) / 0.01))
    assert found["p_value"] == pytest.approx(0.01)
    mixed = canary_evidence(one, {"c1": BANK[:1]}, dialled=1e6, number_space=1e8, everywhere=0.02).iloc[0]
    assert mixed["log10_lr"] == pytest.approx(np.log10(0.5 + 0.5 * 0.0198) - np.log10(0.98 * 0.01 + 0.02 * 0.5))
    missed = canary_evidence(one, {"c1": []}, dialled=1e6, number_space=1e8, everywhere=0).iloc[0]
    assert missed["log10_lr"] == pytest.approx(np.log10(0.5))
    assert missed["p_value"] == 1


@pytest.mark.parametrize(("mine", "other"), [(3, 0), (2, 0), (0, 0), (3, 1), (1, 4), (0, 2)])
def test_ratio_equals_numerical_integration(canaries, mine, other):
    found = row(
        canary_evidence(canaries, {"c1": BANK[:mine] + UNION[:other]}, dialled=2e6, coverage=(2, 1), everywhere=0.05),
        "c1",
        "bank X",
    )

    def likelihood(q, r):
        own = r + (1 - r) * q
        return own**mine * (1 - own) ** (3 - mine) * q**other * (1 - q) ** (4 - other)

    def weight(q):
        return 0.95 * 49 * (1 - q) ** 48 + 0.05

    chance = quad(lambda q: likelihood(q, 0) * weight(q), 0, 1, points=[0.05, 0.2], epsabs=0)[0]
    leaked = dblquad(lambda q, r: likelihood(q, r) * weight(q) * 2 * r, 0, 1, 0, 1, epsabs=0, epsrel=1e-9)[0]
    assert found["log10_lr"] == pytest.approx(np.log10(leaked / chance), abs=1e-7)
    assert (found["canaries"], found["hit"], found["others"], found["others_hit"]) == (3, mine, 4, other)


def test_p_value_is_the_binomial_tail(canaries):
    found = row(canary_evidence(canaries, {"c1": BANK[:2]}, dialled=5e6, number_space=1e8), "c1", "bank X")
    assert found["p_value"] == pytest.approx(3 * 0.05**2 * 0.95 + 0.05**3)


def test_hits_on_others_raise_the_chance_of_dialling(canaries):
    # One of four others was hit: the upper 95% limit is 0.7514 (Clopper & Pearson).
    found = row(canary_evidence(canaries, {"c1": [*BANK, UNION[0]]}), "c1", "bank X")
    assert found["p_value"] == pytest.approx(0.7514**3, rel=1e-3)
    assert "1 of 4 other canaries were hit too" in found["note"]
    everyone = canary_evidence(canaries, {"c1": BANK + UNION}).set_index("holder")
    assert (everyone["p_value"] == 1).all()
    # Hits on everyone point to no holder: under 1/2, "not worth more than a bare mention" (Jeffreys 1961, appendix B).
    assert (everyone["log10_lr"].abs() < 0.5).all()


def test_without_canaries_of_others_a_source_that_holds_everyone_is_never_ruled_out():
    mine = numbers(10_000_000, 30)
    alone = pd.DataFrame({"number": mine, "holder": ["bank X"] * 30})
    assert canary_evidence(alone, {"c1": mine}, everywhere=0.01)["log10_lr"][0] == pytest.approx(2, abs=0.05)
    others = pd.DataFrame({"number": numbers(50_000_000, 30), "holder": ["union Y"] * 30})
    both = canary_evidence(pd.concat([alone, others]), {"c1": mine}, everywhere=0.01)
    assert row(both, "c1", "bank X")["log10_lr"] > 10


def test_strongest_holder_first_and_every_campaign_is_there(canaries):
    table = canary_evidence(canaries, {"c2": UNION[:2], "c1": BANK})
    assert table["campaign_id"].tolist() == ["c2", "c2", "c1", "c1"]
    assert table["holder"].tolist() == ["union Y", "bank X", "bank X", "union Y"]
    assert row(table, "c1", "bank X")["log10_lr"] > 3
    # None of four: the mean of (1 - r)^4 is 1/5, whatever happened to the others.
    assert row(table, "c1", "union Y")["log10_lr"] == pytest.approx(-np.log10(5))


def test_numbers_in_any_spelling_and_as_pseudonyms(canaries):
    key = b"k" * 32

    def name(number):
        return pseudonym([number], key)[0]

    plain = canary_evidence(canaries, {"c1": BANK[:2]})
    spelled = [f"0{BANK[0][4:]}", f"00{BANK[1][1:]}", "", "not a number"]
    pd.testing.assert_frame_equal(canary_evidence(canaries, {"c1": spelled}), plain)
    named = [name(BANK[0]), BANK[1], name("+212677777777")]
    pd.testing.assert_frame_equal(canary_evidence(canaries, {"c1": named}, pseudonym=name), plain)
    without_key = canary_evidence(canaries, {"c1": named})
    assert row(without_key, "c1", "bank X")["hit"] == 1


def test_a_canary_given_after_the_campaign_counts_against(canaries):
    canaries["given_at"] = ["2026-03-01", "2026-03-01", "2026-09-01"] + [None] * 4
    table = canary_evidence(canaries, {"c1": BANK}, sent_at={"c1": "2026-06-01"})
    found = row(table, "c1", "bank X")
    assert (found["canaries"], found["hit"], found["others"], found["others_hit"]) == (2, 2, 5, 1)
    before_all = canary_evidence(canaries[:3], {"c1": BANK}, sent_at={"c1": "2026-01-01"}).iloc[0]
    assert (before_all["canaries"], before_all["log10_lr"], before_all["p_value"]) == (0, 0, 1)
    assert "after the campaign began" in before_all["note"]


@pytest.mark.parametrize(
    ("given", "counts"), [("2026-05-31", 3), ("2026-06-01", 0), ("2026-06-01T08:00Z", 3), ("2026-06-01T10:00Z", 0)]
)
def test_a_day_without_an_hour_counts_from_its_end(canaries, given, counts):
    canaries["given_at"] = given
    found = canary_evidence(canaries, {"c1": BANK}, sent_at={"c1": "2026-06-01T09:00Z"})
    assert row(found, "c1", "bank X")["canaries"] == counts


def test_the_day_before_a_campaign_of_which_only_the_day_is_known(canaries):
    # A day of a complaint begins with the day in Morocco, an hour before that of UTC.
    canaries["given_at"] = "2026-05-31"
    found = canary_evidence(canaries, {"c1": BANK}, sent_at={"c1": "2026-05-31T23:00Z"})
    assert row(found, "c1", "bank X")["canaries"] == 3


SILENT = numbers(30_000_000, 3)


@pytest.fixture
def planted():
    """Two holders over two operators, and silent numbers of both."""
    both = pd.DataFrame({"number": BANK + UNION + SILENT, "holder": ["bank X"] * 3 + ["union Y"] * 4 + ["nobody"] * 3})
    return both.assign(operator=[{"A": "Inwi", "B": "Orange"}[each] for each in "AABAABBABB"])


def test_silent_numbers_are_of_no_holder(planted):
    table = canary_evidence(planted, {"c1": BANK})
    assert table["holder"].tolist() == ["bank X", "Inwi", "Orange", "union Y"]
    assert table["kind"].tolist() == ["holder", "operator", "operator", "holder"]
    assert row(table, "c1", "bank X")[["canaries", "hit", "others", "others_hit"]].tolist() == [3, 3, 7, 0]
    assert table["silent"].unique().tolist() == [3]


def test_a_hit_on_a_silent_number_weakens_the_holder_and_points_to_its_operator(planted):
    alone, with_silent = (
        canary_evidence(planted, {"c1": hit}).set_index("holder") for hit in (BANK, [*BANK, SILENT[0]])
    )
    assert with_silent.loc["bank X", "posterior"] < alone.loc["bank X", "posterior"]
    assert with_silent.loc["bank X", "log10_lr"] < alone.loc["bank X", "log10_lr"]
    assert with_silent.loc["bank X", "silent_hit"] == 1
    of_a = with_silent.loc["Inwi"]
    # Its silent number against the numbers of the other operator: what the holders had of its own tells nothing of it.
    assert of_a[["canaries", "hit", "others", "others_hit"]].tolist() == [1, 1, 5, 1]
    assert np.isnan(of_a["posterior"])
    assert alone.loc["Inwi", "hit"] == 0


def test_hits_that_the_operator_s_file_explains_are_shared_with_it(planted):
    """By hand: each source by the same likelihood, alike beforehand."""
    found = row(canary_evidence(planted, {"c1": BANK[:2]}), "c1", "bank X")
    ratios = [
        10 ** weigh_hits(x, m, 2 - x, 10 - m, HitChances(0.01, 0.01, (1, 1))).log10_lr
        for x, m in ((2, 3), (0, 4), (2, 5), (0, 5))
    ]
    assert found["posterior"] == pytest.approx(ratios[0] / (sum(ratios) + 4))
    assert found["operator"] == "Inwi"
    across = row(canary_evidence(planted, {"c1": BANK[1:]}), "c1", "bank X")
    assert across["operator"] == ""
    assert across["posterior"] > 0.9 > found["posterior"]


def test_a_holder_with_the_operator_s_own_numbers_is_not_told_from_it():
    same = pd.DataFrame({"number": BANK, "holder": ["bank X"] * 3, "operator": "Inwi"})
    found = canary_evidence(same, {"c1": BANK}, everywhere=0.001).iloc[0]
    assert found["posterior"] == pytest.approx(0.5, abs=0.01)


def test_probabilities_of_many_sources_never_exceed_one(planted):
    for hit in (BANK, UNION, SILENT, BANK + UNION, [BANK[0], UNION[0], SILENT[0]]):
        assert canary_evidence(planted, {"c1": hit})["posterior"].sum() <= 1


def test_hits_close_together_are_said_so():
    near = pd.DataFrame({"number": ["+212612340001", "+212612340007"], "holder": ["bank X"] * 2})
    assert "dialled range" in canary_evidence(near, {"c1": near["number"]})["note"][0]
    assert "dialled range" not in canary_evidence(near, {"c1": near["number"][:1]})["note"][0]


def test_dialling_more_makes_chance_a_better_explanation(canaries):
    ratios = [log10_lr(canaries, BANK, dialled=many)["bank X"] for many in (1e5, 1e6, 1e7, 1e8)]
    assert (np.diff(ratios) < 0).all()
    by_campaign = canary_evidence(canaries, {"c1": BANK, "c2": BANK}, dialled={"c1": 1e5, "c2": 1e7})
    assert row(by_campaign, "c1", "bank X")["log10_lr"] == pytest.approx(ratios[0])
    assert row(by_campaign, "c2", "bank X")["log10_lr"] == pytest.approx(ratios[2])


@settings(max_examples=20, deadline=None)
@given(
    own=st.integers(1, 6),
    other=st.integers(1, 6),
    hit=st.integers(0, 5),
    other_hit=st.integers(0, 5),
    dialled=st.sampled_from([1e5, 1e6, 1e7]),
)
def test_own_hits_alone_speak_for_and_other_hits_against(own, other, hit, other_hit, dialled):
    hit, other_hit = min(hit, own - 1), min(other_hit, other - 1)
    mine, others = numbers(10_000_000, own), numbers(50_000_000, other)
    both = pd.DataFrame({"number": mine + others, "holder": ["X"] * own + ["Y"] * other})

    def of_x(x, y):
        return row(canary_evidence(both, {"c": mine[:x] + others[:y]}, dialled=dialled), "c", "X")

    before, more = of_x(hit, 0), of_x(hit + 1, 0)
    assert more["log10_lr"] > before["log10_lr"]
    assert more["p_value"] <= before["p_value"]
    fewer, against = of_x(hit + 1, other_hit), of_x(hit + 1, other_hit + 1)
    assert against["log10_lr"] < fewer["log10_lr"]
    assert against["p_value"] >= fewer["p_value"]


@settings(max_examples=10, deadline=None)
@given(order=st.permutations(range(7)))
def test_order_of_the_list_changes_nothing(order):
    plain = pd.DataFrame({"number": BANK + UNION, "holder": ["bank X"] * 3 + ["union Y"] * 4})
    reached = {"c1": [BANK[0], UNION[1], UNION[3]]}
    pd.testing.assert_frame_equal(canary_evidence(plain.iloc[list(order)], reached), canary_evidence(plain, reached))


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_reads_text(tmp_path, delimiter):
    path = tmp_path / "canaries.csv"
    lines = [
        ["Number", "HOLDER", "given_at"],
        ["0612 34 56 78", " bank X ", "2026-03-01"],
        ["", "", ""],
        ["00212623456789", "union  Y", ""],
        ["+212612345678", "bank X", "2026-03-01"],
    ]
    path.write_text("\n".join(delimiter.join(line) for line in lines), encoding="utf-8-sig")
    found = read_canaries(path)
    assert found["number"].tolist() == ["+212612345678", "+212623456789"]
    assert found["holder"].tolist() == ["bank X", "union Y"]
    assert found["given_at"][0] == pd.Timestamp("2026-03-01", tz="UTC")
    assert pd.isna(found["given_at"][1])


def test_reads_a_workbook(tmp_path):
    book = Workbook()
    for cells in (["number", "holder", "given_at"], [612345678, "bank X", pd.Timestamp("2026-03-01").to_pydatetime()]):
        book.active.append(cells)
    book.save(tmp_path / "canaries.xlsx")
    found = read_canaries(tmp_path / "canaries.xlsx")
    assert found["number"].tolist() == ["+212612345678"]
    assert found["given_at"][0] == pd.Timestamp("2026-03-01", tz="UTC")


@pytest.mark.parametrize("name", ["canaries.txt", "canaries"])
def test_a_list_under_any_other_suffix_is_csv(tmp_path, name):
    (tmp_path / name).write_text("number;holder\n0612345678;bank X\n")
    assert read_canaries(tmp_path / name)["holder"].tolist() == ["bank X"]


def test_a_second_sheet_of_canaries_is_not_passed_over(tmp_path):
    book = Workbook()
    for sheet in (book.active, book.create_sheet("Other")):
        sheet.append(["number", "holder"])
        sheet.append(["0661000001", "Bank"])
    book.save(tmp_path / "canaries.xlsx")
    with pytest.raises(TasribError, match="sheet 'Other' holds such a list too; put all rows on one sheet"):
        read_canaries(tmp_path / "canaries.xlsx")


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16"])
def test_reads_what_excel_saves(tmp_path, encoding):
    text = "Number;Holder;given_at\n0612345678;société A\n\n0623456789;société B;2026-03-01\n"
    (tmp_path / "c.csv").write_bytes(text.encode(encoding))
    found = read_canaries(tmp_path / "c.csv")
    assert found["holder"].tolist() == ["société A", "société B"]
    assert found["given_at"].isna().tolist() == [True, False]


@pytest.mark.parametrize("suffix", [".csv", ".xlsx", ".jsonl", ".parquet"])
def test_reads_a_list_that_tasrib_wrote(tmp_path, canaries, suffix):
    tasrib.write_table(canaries, tmp_path / f"c{suffix}")
    assert read_canaries(tmp_path / f"c{suffix}")[["number", "holder"]].equals(canaries.astype("str"))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("number\n0612345678\n", "c.csv, row 1: 0 columns are headed 'holder'"),
        ("number,holder,holder\n0612345678,X,X\n", "row 1: 2 columns are headed 'holder'"),
        ("", "row 1: 0 columns are headed 'number'"),
        ("number,holder\n", "holds no canary"),
        ("number,holder\n0612345678,X\n\n06123,X\n", "c.csv, row 4, column number: '06123'"),
        ("number,holder\n0612345678,\n", "c.csv, row 2, column holder: is empty"),
        ("number,holder\n0612345678\n", "c.csv, row 2, column holder: is empty"),
        ("number,holder\n0612345678,X,Y\n", "c.csv, row 2: the row has 3 cells"),
        ("number,Holder,holder\n0612345678,X,X\n", "row 1: 2 columns are headed 'holder'"),
        ("number,holder\n0612345678,X\n+212612345678,Y\n", "c.csv, row 3, column holder: .* 'X' in row 2 and to 'Y'"),
        ("number,holder,given_at\n0612345678,X,soon\n", "row 2, column given_at: 'soon' is not a date"),
    ],
)
def test_says_what_is_wrong_with_a_list(tmp_path, text, said):
    path = tmp_path / "c.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(TasribError, match=said):
        read_canaries(path)


def test_says_what_is_wrong_with_a_file(tmp_path):
    with pytest.raises(TasribError, match=r"none.csv cannot be read: no such file"):
        read_canaries(tmp_path / "none.csv")
    with pytest.raises(TasribError, match="cannot be read: it is a folder"):
        read_canaries(tmp_path)
    (tmp_path / "c.xlsx").write_bytes(b"PK and no more")
    with pytest.raises(TasribError, match="damaged or no table"):
        read_canaries(tmp_path / "c.xlsx")


def test_what_cannot_be(canaries):
    with pytest.raises(TasribError, match="lack the column holder"):
        canary_evidence(canaries[["number"]], {})
    with pytest.raises(TasribError, match="two holders"):
        canary_evidence(pd.concat([canaries, canaries.assign(holder="Z")]), {})
    with pytest.raises(ValueError, match="not above number_space"):
        canary_evidence(canaries, {"c1": []}, dialled=1e12)
    with pytest.raises(ValueError, match="everywhere 1 is not"):
        canary_evidence(canaries, {"c1": []}, everywhere=1)
    with pytest.raises(ValueError, match="must be positive"):
        canary_evidence(canaries, {"c1": []}, coverage=(0, 1))


def test_no_campaign_is_an_empty_table(canaries):
    found = canary_evidence(canaries, {})
    assert list(found.columns) == list(CANARY_COLUMNS)
    assert len(found) == 0
