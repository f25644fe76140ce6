"""The check of pages tells what is wrong with one; axe-core itself is stood in for, since it is not shipped."""

import shutil

import pytest

from training.browser import Browser
from training.check_pages import check

PROGRAM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = pytest.mark.skipif(PROGRAM is None, reason="needs Chromium")

PAGE = (
    '<html><head><meta http-equiv="Content-Security-Policy" content="default-src \'none\'"></head>'
    '<body><section><h2 id="first">In one minute</h2>{}</section><details>folded</details></body></html>'
)
# Finds one violation an element that names its impact, folded ones only once they are open.
AXE = """globalThis.axe = { run: async () => ({ violations: [...document.querySelectorAll('[data-impact]')]
    .filter(one => !one.closest('details:not([open])'))
    .map(one => ({ id: 'planted', impact: one.dataset.impact, nodes: [{ target: ['#x'] }] })) }) }"""


@pytest.fixture(scope="module")
def tab():
    with Browser(PROGRAM) as browser:
        yield browser.tab()


@pytest.mark.parametrize(
    ("body", "good", "said"),
    [
        ("<p>short</p>", True, "0 serious, 0 critical; 0 px too broad; asked for 0"),
        ('<p data-impact="moderate">x</p>', True, "1 moderate"),
        ('<details><p data-impact="serious">x</p></details>', False, "opened: 0 minor, 0 moderate, 1 serious"),
        ('<div style="width: 500px">broad</div>', False, "390 px, folded"),
        ('<img alt="" src="http://127.0.0.1:9/x.png">', False, "asked for 1"),
        ('<div style="height: 400mm">long</div>', False, "of one A4"),
    ],
)
def test_what_is_wrong_with_a_page_is_told(tab, tmp_path, capsys, body, good, said):
    page = tmp_path / "report-en.html"
    page.write_text(PAGE.format(body), encoding="utf-8")
    assert check(tab, page, AXE) is good
    assert said in capsys.readouterr().out
