"""Market shares between reports, and belief about ported numbers."""

from datetime import date, datetime, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import beta

from tasrib.errors import BadReferenceData, TasribError
from tasrib.numbering import market_shares, operators_of, portability
from tasrib.numbering.market import load_market_shares
from tasrib.numbering.porting import load_portability

SHARES_HEAD = "country,date,operator,share,source,note\n"
PORT_HEAD = "country,date,ported,share_low,share_mean,share_high,beta_a,beta_b,destination,source,note\n"


def test_a_reported_day_is_exact():
    found = market_shares("2023-12-31")
    assert found.method == "as reported"
    assert found.rows == (date(2023, 12, 31),)
    assert found.shares == pytest.approx({"Maroc Telecom": 0.3529, "Orange": 0.3248, "Inwi": 0.3223})
    assert found.sources == ("tic-maroc.com, March 2024",)


def test_the_middle_between_two_reports_is_their_mean():
    # 274 days lie between the two reports.
    found = market_shares(date(2024, 5, 16))
    before, after = market_shares("2023-12-31").shares, market_shares("2024-09-30").shares
    for operator, share in found.shares.items():
        assert share == pytest.approx((before[operator] + after[operator]) / 2, abs=1e-12)
    assert found.method == "interpolated linearly between 2023-12-31 and 2024-09-30"
    assert len(found.sources) == 2


def test_outside_the_reports_the_nearest_one_is_taken_and_named():
    assert market_shares("1999-01-01").method.startswith("nearest: before the first row")
    late = market_shares("2099-01-01")
    assert late.method.startswith("nearest: after the last row")
    assert late.shares == market_shares(max(load_market_shares()["MA"])).shares


@given(st.dates(date(2000, 1, 1), date(2030, 1, 1)), st.sampled_from(sorted(load_market_shares())))
def test_shares_always_sum_to_one(day, country):
    shares = market_shares(day, country).shares
    assert sum(shares.values()) == pytest.approx(1)
    assert set(shares) <= set(operators_of(country))


def test_dates_in_any_form():
    zone = datetime(2023, 12, 31, 12, tzinfo=timezone.utc)  # noqa: UP017
    assert market_shares(zone) == market_shares("2023-12-31") == market_shares(date(2023, 12, 31))
    for wrong in ("yesterday-ish", None, float("nan"), object()):
        with pytest.raises(TasribError, match="not a date"):
            market_shares(wrong)


@pytest.mark.parametrize("function", [market_shares, portability])
def test_a_country_without_rows_is_an_error(function):
    with pytest.raises(TasribError, match="Mauritania"):
        function("2024-01-01", "MR")
    with pytest.raises(TasribError, match="MA"):
        function("2024-01-01", "XX")


@pytest.mark.parametrize(
    ("rows", "where"),
    [
        ("MA,2024-12-31,A,60,s,\nMA,2024-12-31,B,39,s,\n", "row 3, column share"),
        ("MA,2024-13-31,A,100,s,\n", "row 2, column date"),
        ("MA,2024-12-31,A,100,,\n", "row 2, column source"),
        ("MA,2024-12-31,A,many,s,\n", "row 2, column share"),
        ("MA,2024-12-31,A,nan,s,\n", "row 2, column share"),
        ("MA,2024-12-31,A,-1,s,\n", "row 2, column share"),
        ("MA,2024-12-31,A,50,s,\nMA,2024-12-31,A,50,s,\n", "row 3, column operator"),
        ("MA,2024-12-31,,100,s,\n", "row 2, column operator"),
        ("MA,2024-12-31,A,100\n", "row 2, column note"),
    ],
)
def test_a_wrong_row_of_market_shares_is_named(tmp_path, rows, where):
    path = tmp_path / "market_shares.csv"
    path.write_text(SHARES_HEAD + rows)
    with pytest.raises(BadReferenceData, match=f"market_shares.csv, {where}"):
        load_market_shares(path)


def test_rounding_of_a_report_is_tolerated(tmp_path):
    path = tmp_path / "market_shares.csv"
    path.write_text(SHARES_HEAD + "MA,2024-12-31,A,60.1,s,\nMA,2024-12-31,B,40.1,s,\n")
    assert load_market_shares(path)["MA"]


def test_a_missing_column_or_encoding_is_named(tmp_path):
    path = tmp_path / "market_shares.csv"
    path.write_text("country,date,operator,share,note\n")
    with pytest.raises(BadReferenceData, match="column source"):
        load_market_shares(path)
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BadReferenceData, match="UTF-8"):
        load_market_shares(path)


def test_the_moroccan_prior_says_what_it_claims():
    belief = portability("2024-06-01")
    prior = beta(belief.beta_a, belief.beta_b)
    assert (belief.mean, belief.low, belief.high) == (0.06, 0.02, 0.15)
    assert prior.mean() == pytest.approx(belief.mean, abs=1e-4)
    assert prior.cdf(belief.high) - prior.cdf(belief.low) == pytest.approx(0.95, abs=1e-4)


def test_portability_takes_the_last_row_up_to_the_day():
    assert portability("2024-06-01").sources == portability("2023-12-31").sources
    assert portability("2025-07-01").sources != portability("2023-12-31").sources
    assert portability("2010-01-01").sources == portability("2021-09-30").sources


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("MA,2024-12-31,,0.02,0.06,0.15,4,40,any,s,", "beta_a"),
        ("MA,2024-12-31,,0.02,0.01,0.15,1,99,any,s,", "share_mean"),
        ("MA,2024-12-31,,0.02,0.06,1.5,6,94,any,s,", "share_high"),
        ("MA,2024-12-31,x,0.02,0.06,0.15,6,94,any,s,", "ported"),
        ("MA,2024-12-31,,0.02,0.06,0.15,6,94,,s,", "destination"),
        ("MA,2024-12-31,,0.02,0.06,0.15,6,94,any,,", "source"),
        ("MA,31/12/2024,,0.02,0.06,0.15,6,94,any,s,", "date"),
    ],
)
def test_a_wrong_row_of_portability_is_named(tmp_path, row, column):
    path = tmp_path / "portability.csv"
    path.write_text(PORT_HEAD + row + "\n")
    with pytest.raises(BadReferenceData, match=f"portability.csv, row 2, column {column}"):
        load_portability(path)
