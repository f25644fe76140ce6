"""
The commonest words of the corpus, by which a text is told from the same text reversed or read in the wrong code page.

Run ``python -m training.common_words`` after the corpus has grown; it writes ``data/reference/common_words.toml``.
"""

from __future__ import annotations

import re
from collections import Counter
from datetime import date

from tasrib.learning import is_test_batch
from tasrib.text import normalise
from training.corpus import load_corpus
from training.paths import ROOT

FILE = ROOT / "data" / "reference" / "common_words.toml"
MOST = 250
_SCRIPTS = {"arabic": r"[\u0621-\u064a]{2,}", "latin": r"[a-z]{2,}"}
_HEADING = """\
# Common words of messages, folded as tasrib.text.normalise does, the commonest first. Left out: words that are a word backwards too.
# Source: data/corpus, counted by python -m training.common_words on {day}; test batches are not counted.
"""


def main() -> None:
    """Count, and write the file anew."""
    corpus = load_corpus()
    texts = [
        normalise(text) for text, batch in zip(corpus["text"], corpus["batch"], strict=True) if not is_test_batch(batch)
    ]
    parts = [_HEADING.format(day=date.today().isoformat())]
    for script, pattern in _SCRIPTS.items():
        word = re.compile(rf"(?<![\w'])(?:{pattern})(?![\w'])")
        # Counted once a message, so that no writer's habit weighs more than it should.
        count = Counter(found for text in texts for found in set(word.findall(text)))
        common = [name for name, _ in count.most_common(4 * MOST)]
        kept = [name for name in common if name != name[::-1] and 50 * count[name[::-1]] < count[name]][:MOST]
        parts.append(f"{script} = [\n" + "".join(f'    "{name}",\n' for name in kept) + "]\n")
    FILE.write_text("\n".join(parts), encoding="utf-8")
    print(f"{FILE.name}: the commonest words of {len(texts)} messages")


if __name__ == "__main__":
    main()
