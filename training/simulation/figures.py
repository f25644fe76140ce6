"""The study's figures, in Vega-Lite."""

from __future__ import annotations

import pandas as pd


def power_figure(core: pd.DataFrame) -> dict:
    """Power of the core by the number of people reached."""
    named = {"flagged": "tasrib", "oracle_power": "oracle", "fisher_holm": "Fisher + Holm"}
    values = [
        {"n": int(row["n"]), "λ": f"λ = {row['share']:g}", "method": label, "power": float(row[name])}
        for row in core.to_dict("records")
        for name, label in named.items()
    ]
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "data": {"values": values},
        "facet": {"column": {"field": "λ", "type": "nominal", "title": None}},
        "spec": {
            "width": 190,
            "height": 170,
            "mark": {"type": "line", "point": True},
            "encoding": {
                "x": {"field": "n", "type": "quantitative", "scale": {"type": "log"}, "title": "people reached"},
                "y": {"field": "power", "type": "quantitative", "title": "flagged", "axis": {"format": "%"}},
                "color": {"field": "method", "type": "nominal", "title": None},
            },
        },
    }


def alarm_figure(table: pd.DataFrame) -> dict:
    """False alarms of the core by how often B's customers complain."""
    kept = table[(table["controls"] > 0) & (table["ported"] == 0.06) & (table["regions"] == 1)]
    kept = kept[kept["controls"] == 2 * kept["n"]]
    named = {
        "flagged": "tasrib",
        "fisher_holm": "Fisher + Holm",
        "chi_square": "chi² against the market",
        "guilt_cut": "guilt, cut",
    }
    values = [
        {"bias": f"{row['bias']:g}×", "method": label, "rate": float(row[name])}
        for row in kept.to_dict("records")
        for name, label in named.items()
    ]
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "data": {"values": values},
        "width": 420,
        "height": 200,
        "mark": "bar",
        "encoding": {
            "x": {
                "field": "bias",
                "type": "nominal",
                "title": "how often B's customers complain",
                "axis": {"labelAngle": 0},
            },
            "xOffset": {"field": "method"},
            "y": {
                "field": "rate",
                "type": "quantitative",
                "title": "leak-free campaigns flagged",
                "axis": {"format": "%"},
            },
            "color": {"field": "method", "type": "nominal", "title": None},
        },
    }


def situations_figure(table: pd.DataFrame) -> dict:
    """What share of each leak-free situation was told as `moderate` or `strong`, beside the 5% that may be."""
    values = [{"situation": row.name, "rate": float(row.alarm)} for row in table.itertuples()]
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "width": 420,
        "layer": [
            {
                "data": {"values": values},
                "mark": "bar",
                "encoding": {
                    "y": {
                        "field": "situation",
                        "type": "nominal",
                        "title": None,
                        "sort": None,
                        "axis": {"labelLimit": 420},
                    },
                    "x": {
                        "field": "rate",
                        "type": "quantitative",
                        "title": "leak-free cases with moderate or strong",
                        "axis": {"format": "%"},
                    },
                },
            },
            {
                "data": {"values": [{"limit": 0.05}]},
                "mark": {"type": "rule", "strokeDash": [4, 3]},
                "encoding": {"x": {"field": "limit", "type": "quantitative"}},
            },
        ],
    }
