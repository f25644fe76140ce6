"""
How often a name by which a message calls its recipient stays in a report, and how often a candidate's is hidden.

Run ``python -m training.salutations_study``. It holds `tasrib.text.salutations.called_spans` against ``training/salutations_read.csv``, in which the
names were marked that stand behind a greeting or a title in the messages of the corpus that are not for testing: ``called``, the recipient's, and
``spoken``, of somebody who is spoken of. The reader was a session of the model that wrote the rule, looked where a word of
``data/reference/salutations.toml`` stands, and knew what the rule found: a name behind a greeting that is not in that file was not seen. What the
comparison of a campaign's messages adds is in `training.naming_study`.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from tasrib.classify import CAMPAIGN
from tasrib.learning import is_test_batch
from tasrib.text.salutations import called_spans
from training.corpus import load_corpus

READ = Path(__file__).with_name("salutations_read.csv")


def main() -> None:
    """Print the counts."""
    corpus = load_corpus()
    corpus = corpus[[not is_test_batch(batch) for batch in corpus["batch"]]].set_index("id")
    read = pd.read_csv(READ, dtype=str)
    texts = corpus["text"].to_dict()
    hidden = {name: "".join(text[start:end] for start, end in called_spans(text)) for name, text in texts.items()}
    read["hidden"] = [name in hidden[row] for row, name in zip(read["id"], read["name"], strict=True)]
    read["campaign"] = read["id"].map(corpus["category"] == CAMPAIGN)
    print(f"messages read: {len(texts)}, political campaign: {int((corpus['category'] == CAMPAIGN).sum())}")
    for kind, mine in (("all messages", read), ("political campaign", read[read["campaign"]])):
        called, spoken = mine[mine["what"] == "called"], mine[mine["what"] == "spoken"]
        print(
            f"{kind}: of {len(called)} names called {int((~called['hidden']).sum())} stay; "
            f"of {len(spoken)} persons spoken of behind a greeting or a title {int(spoken['hidden'].sum())} are hidden"
        )
    others = [name for name, part in hidden.items() if part and name not in set(read["id"])]
    print(f"messages in which something else is hidden (towns, groups, other words): {len(others)}")


if __name__ == "__main__":
    main()
