"""
Hold the pages of a report against axe-core in Chromium: `python -m training.check_pages FOLDER --axe node_modules/axe-core/axe.min.js`.

FOLDER is that of ``tasrib report --lang all``; axe-core (MPL 2.0) comes with ``npm install axe-core`` and is not shipped. Each page is opened as
a telephone and as a desk has it, first as it is and then with all that is folded opened. Printed are axe's violations by impact, what is broader
than the window, what the page asked for, and how much of one A4 the first page fills. The exit status is 1 where a page has a serious or a
critical violation, scrolls sideways, asks for anything, or needs a second sheet for what is read in one minute.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from training.browser import Browser, Tab, find_browser

# Pixels of a telephone and of a desk.
WIDTHS = (390, 1280)
_WRONG = ("serious", "critical")
_VIOLATIONS = """axe.run().then(found => found.violations.map(one =>
    [one.id, one.impact, one.nodes.length, one.nodes[0].target.join(' ')]))"""
_OPEN = "document.querySelectorAll('details').forEach(one => { one.open = true })"
_BEYOND = "document.documentElement.scrollWidth - window.innerWidth"
_FIRST_ENDS = "document.getElementById('first').closest('section').getBoundingClientRect().bottom + window.scrollY"
_MM = 96 / 25.4
# What `print.css` leaves of an A4.
_SHEET = (297 - 12 - 12) * _MM
_PAPER = round(210 * _MM)
_WITHIN_MARGINS = f"document.body.style.inlineSize = '{(210 - 2 * 15) * _MM}px'"


def check(tab: Tab, page: Path, axe: str) -> bool:
    """
    Check one page and print what was found.

    Parameters
    ----------
    tab : Tab
        Where it is opened.
    page : pathlib.Path
        HTML of a report.
    axe : str
        Text of ``axe.min.js``.

    Returns
    -------
    bool
        Whether nothing is wrong.
    """
    good = True
    for width in WIDTHS:
        tab.resize(width, 900)
        asked = [one for one in tab.open(page.resolve().as_uri()) if one != page.resolve().as_uri()]
        tab.evaluate(axe)
        for state, script in (("folded", "0"), ("opened", _OPEN)):
            tab.evaluate(script)
            found, beyond = tab.evaluate(_VIOLATIONS), tab.evaluate(_BEYOND)
            counts = {impact: sum(one[1] == impact for one in found) for impact in ("minor", "moderate", *_WRONG)}
            told = ", ".join(f"{n} {impact}" for impact, n in counts.items())
            print(f"{page.name} {width} px, {state}: {told}; {max(beyond, 0)} px too broad; asked for {len(asked)}")
            for name, impact, nodes, where in found:
                print(f"    {impact} {name}, {nodes} places, first {where}")
            good &= not asked and beyond <= 0 and not any(counts[impact] for impact in _WRONG)
    # What a page does on a narrow window it does by the breadth of the paper, margins included.
    tab.resize(_PAPER, 900)
    tab.open(page.resolve().as_uri())
    tab.call("Emulation.setEmulatedMedia", media="print")
    tab.evaluate(_WITHIN_MARGINS)
    filled = tab.evaluate(_FIRST_ENDS) / _SHEET
    tab.call("Emulation.setEmulatedMedia", media="")
    print(f"{page.name} printed: what is read in one minute fills {filled:.0%} of one A4")
    return bool(good and filled <= 1)


def main() -> None:
    """Check all pages of a report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="a report: tasrib report --lang all")
    parser.add_argument("--axe", type=Path, required=True, help="axe.min.js of axe-core")
    given = parser.parse_args()
    # Of several languages report.html only leads to them.
    pages = sorted(given.folder.glob("report-*.html")) or sorted(given.folder.glob("report.html"))
    if not pages:
        sys.exit(f"{given.folder} holds no report.html; make one with tasrib report")
    if not given.axe.is_file():
        sys.exit(f"{given.axe} is no file; npm install axe-core, and name node_modules/axe-core/axe.min.js")
    with Browser(find_browser()) as browser:
        tab = browser.tab()
        good = [check(tab, page, given.axe.read_text("utf-8")) for page in pages]
    sys.exit(0 if all(good) else 1)


if __name__ == "__main__":
    main()
