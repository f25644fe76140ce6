"""A planting told: its register as a file, and what hits would say as tables and sentences."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from tasrib.complaints.words import reference
from tasrib.errors import TasribError
from tasrib.tables.files import Outputs
from tasrib.tables.places import check_file, is_stream
from tasrib.tables.write import check_suffix, encode_table, encode_workbook
from tasrib.tracing.canary_lists import NOBODY
from tasrib.tracing.planting import CanaryPlan

_LAST_ROW = 1_048_576  # of a sheet of Excel
_DAY = "yyyy-mm-dd"


def check_register(path: str | Path) -> None:
    """
    Refuse a place where the register could not be written, or where one may have been filled in.

    Parameters
    ----------
    path : str or Path
        The file.

    Raises
    ------
    TasribError
        When it is there already, is no file, has an unknown suffix or cannot be written.
    """
    if is_stream(path):
        raise TasribError("a register is filled in and kept: name a file for it with -o, such as register.xlsx")
    check_suffix(path)
    if Path(path).exists() or Path(path).is_symlink():
        raise TasribError(f"{path} exists, and days may have been filled in there; name another file with -o")
    check_file(path)


def write_register(plan: CanaryPlan, path: str | Path) -> None:
    """
    Write the planting register where there is no file yet, readable by its owner alone.

    Parameters
    ----------
    plan : CanaryPlan
        The plan.
    path : str or Path
        ``.xlsx``, with what goes into each column shown beside its cells; or any other table that `write_table` knows.

    Raises
    ------
    TasribError
        As `check_register`.
    """
    check_register(path)
    register = plan.register
    if Path(path).suffix.lower() == ".xlsx":
        # An empty text would keep the day that is typed there from being a day to Excel.
        days = register["given_at"].astype(object).where(register["given_at"] != "", None)
        said = reference("register.toml")
        data = encode_workbook({said["sheet"]: register.assign(given_at=days)}, str(path), _prepare)
    else:
        data = encode_table(register, path)
    with Outputs() as outputs:
        outputs.put(path, data, private=True)


def _prepare(sheet: Any) -> None:
    for number, column in enumerate(reference("register.toml")["column"], start=1):
        letter = get_column_letter(number)
        whole = sheet.column_dimensions[letter]
        whole.width = column["width"]
        if column["field"] == "given_at":
            # However the day is typed, it is shown so that day and month cannot be exchanged.
            whole.number_format = _DAY
        rule = DataValidation(allow_blank=True)
        rule.promptTitle, rule.prompt = column["field"], "\n".join(column[name] for name in ("fr", "ar", "en"))
        rule.showInputMessage = True
        rule.add(f"{letter}2:{letter}{_LAST_ROW}")
        sheet.data_validations.append(rule)


def plan_question(plan: CanaryPlan) -> str:
    """
    Say what was planned, and on what assumption.

    Parameters
    ----------
    plan : CanaryPlan
        The plan.

    Returns
    -------
    str
        One sentence.
    """
    counts, settings = plan.to_dict(), plan.settings
    holders = int((plan.sources["kind"] == "holder").sum())
    operators = len(plan.sources) - holders
    return (
        f"{counts['given'] + counts['silent']} numbers, {operators} operator{_s(operators)}, {holders} holder{_s(holders)}: {counts['given']} "
        f"given, {counts['silent']} kept silent. If a list leaked, {settings['leak_share']:.0%} of it is taken to be used, and "
        f"{settings['noticed']:.0%} of the messages to test numbers to be noticed."
    )


def _s(count: int) -> str:
    return "" if count == 1 else "s"


def source_cells(plan: CanaryPlan) -> pd.DataFrame:
    """
    Say of each source what its leak would show.

    Parameters
    ----------
    plan : CanaryPlan
        The plan.

    Returns
    -------
    pandas.DataFrame
        Words; one row a source, its columns headed as they are shown.
    """
    limit = plan.settings["clear_above"]
    rows = []
    for row in plan.sources.to_dict("records"):
        kept = f" ({row['silent']} silent)" if row["kind"] == "operator" else ""
        error = f" ± {row['error']:.1%}" if row["error"] else ""
        rows.append(
            {
                "if this list leaked": f"{row['source']}{' (operator)' if row['kind'] == 'operator' else ''}",
                "numbers in it": f"{row['numbers']}{kept}",
                "at least one hit": f"{row['hit']:.0%}",
                "it is most probable": f"{row['first']:.0%}{error}",
                f"told clearly: two hits, above {limit:.0%}": f"{row['clear']:.0%}{error}",
                "another is instead": f"{row['wrong']:.0%}{error}",
            }
        )
    return pd.DataFrame(rows)


def hit_cells(plan: CanaryPlan) -> pd.DataFrame:
    """
    Say what one hit would tell, and nothing else.

    Parameters
    ----------
    plan : CanaryPlan
        The plan.

    Returns
    -------
    pandas.DataFrame
        Words; one row a holder and operator, silent numbers last.
    """
    table = plan.one_hit
    silent = table["holder"] == NOBODY
    return pd.DataFrame(
        {
            "one hit on a number given to": table["holder"],
            "of": table["operator"],
            "numbers": table["numbers"].astype(str),
            "its holder": table["its_holder"].map("{:.0%}".format).mask(silent, "–"),
            "its operator": table["its_operator"].map("{:.0%}".format),
            "another": table["another"].map("{:.0%}".format),
            "dialled, or from elsewhere": table["none"].map("{:.0%}".format),
        }
    )


def plan_advice(plan: CanaryPlan) -> list[str]:
    """
    Say what the figures start from, and what to do with the register.

    Parameters
    ----------
    plan : CanaryPlan
        The plan.

    Returns
    -------
    list of str
        Sentences.
    """
    settings = plan.settings
    return [
        f"Beforehand {settings['prior_none']:.0%} for none of these lists and the rest alike for each; at most "
        f"{settings['dialled_at_most']:,.0f} of {settings['number_space']:,.0f} numbers dialled; any share of a leaked list used, all alike: as "
        "a report weighs hits.",
        "Of an operator a report never says more than weak by test numbers: a sender who dials its numbers hits them as well.",
        "Leave the numbers unused for some weeks first: one that is written to before it was given is on a list already. Give each to its holder "
        "alone, and fill in given_at on that day: until then it counts for nobody.",
    ]
