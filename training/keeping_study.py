"""
What the rule of `tasrib.complaints.exports.keeping` keeps of messages from a stranger's ordinary number, by what they are.

Run ``python -m training.keeping_study``. The messages are those of the corpus that are not for testing, each taken for one that came alone from a
number that is no contact, and then for one of a conversation; the words of ``data/reference/mass_messages.toml`` were chosen after the same
messages, so that a wording nobody thought of is left out more often than is printed here. The personal messages of the corpus speak of
elections far more than people do.
"""

from __future__ import annotations

from tasrib.complaints.exports.keeping import same_sender, why_left
from tasrib.complaints.exports.message import Message
from tasrib.learning import is_test_batch
from training.corpus import load_corpus

NUMBER, CODE = "+212600000000", "3636"


def main() -> None:
    """Print the shares."""
    corpus = load_corpus()
    corpus = corpus[[not is_test_batch(batch) for batch in corpus["batch"]]]
    print(f"{'':22} messages   alone   in a conversation   from a short code")
    for category, mine in corpus.groupby("category"):
        kept = [
            sum(not why_left(Message(1, text, sender, "", "sms"), wrote_to) for text in mine["text"]) / len(mine)
            for sender, wrote_to in (
                (NUMBER, frozenset[str]()),
                (NUMBER, frozenset([same_sender(NUMBER)])),
                (CODE, frozenset[str]()),
            )
        ]
        print(f"{category:22} {len(mine):8,}  {kept[0]:6.1%}  {kept[1]:18.1%}  {kept[2]:18.1%}")


if __name__ == "__main__":
    main()
