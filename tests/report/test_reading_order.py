"""What a browser shows of an Arabic page: Latin names, ids, figures and intervals run as they were written, and brackets hold what they held."""

import shutil

import pytest
from pages import case, rendered

from training.browser import Browser

PROGRAM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = pytest.mark.skipif(PROGRAM is None, reason="needs Chromium")

# Where each character of a match stands, line by line: those from left to right must go right, the pieces of an interval to the left.
SHOWN = r"""(() => {
  document.querySelectorAll('details').forEach(one => { one.open = true });
  const at = (node, start, end) => {
    const range = document.createRange(); range.setStart(node, start); range.setEnd(node, end);
    const box = range.getBoundingClientRect();
    return box.width ? [Math.round(box.top), (box.left + box.right) / 2] : null;
  };
  const ordered = (boxes, way) => boxes.every((box, i) => !i || !box || !boxes[i - 1]
    || Math.abs(box[0] - boxes[i - 1][0]) > 8 || way * (box[1] - boxes[i - 1][1]) > -0.5);
  const kinds = {
    latin: [/[A-Za-z0-9][\w.,:\/@-]*[\w](?: [A-Za-z][\w.-]*)*(?: ?%)?/g, 1],
    interval: [/\(?\u2066?من [^()]*? إلى [^()]*?\)/g, -1],
    drawn: [/[\u2066\u2069]*\d+,\d[\u2066\u2069]* \([\u2066\u2069]*\d+,\d[\u2066\u2069]*–[\u2066\u2069]*\d+,\d[\u2066\u2069]*\)/g, 1],
  };
  const found = {}, wrong = [];
  const walk = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const node = walk.currentNode, text = node.data;
    if (node.parentElement.closest('blockquote, .unseen, thead')) continue;
    for (const [kind, [pattern, way]] of Object.entries(kinds)) for (const match of text.matchAll(pattern)) {
      let pieces = [...match[0]].map((_, i) => [match.index + i, match.index + i + 1]);
      if (way < 0) pieces = [...match[0].matchAll(/[^\s()\u2066-\u2069]+|[()]/g)]
        .map(piece => [match.index + piece.index, match.index + piece.index + piece[0].length]);
      const boxes = pieces.map(([start, end]) => at(node, start, end)).filter(Boolean);
      found[kind] = (found[kind] || 0) + (boxes.length > 1);
      if (!ordered(boxes, way)) wrong.push(kind + ': ' + match[0]);
    }
  }
  return {found, wrong};
})()"""


@pytest.fixture(scope="module")
def browser():
    with Browser(PROGRAM) as opened:
        yield opened.tab()


def shown(tab, folder, page):
    file = folder / "page.html"
    file.write_text(page, encoding="utf-8")
    # Wide and narrow: a line may end anywhere.
    seen = []
    for width in (1280, 390):
        tab.resize(width, 900)
        tab.open(file.as_uri())
        seen.append(tab.evaluate(SHOWN))
    return seen


def test_nothing_is_turned_round_in_arabic(browser, tmp_path):
    for seen in shown(browser, tmp_path, rendered(*case(), "ar")):
        assert seen["wrong"] == []
        assert seen["found"]["latin"] > 300
        assert seen["found"]["interval"] > 20
        assert seen["found"]["drawn"] > 5


@pytest.mark.parametrize("turned", ["العرض من 3,7 (2,5–5,6) فقط", "الملف c-0000000a", "في (من 10 إلى 20) منها"])
def test_what_is_turned_round_is_seen(browser, tmp_path, turned):
    # An override shows what a browser makes of text that lost its order.
    page = f'<html dir="rtl"><main><p style="direction: {{}}; unicode-bidi: bidi-override">{turned}</p></main></html>'
    ways = "rtl" if "إلى" not in turned else "ltr"
    assert all(seen["wrong"] for seen in shown(browser, tmp_path, page.format(ways)))
