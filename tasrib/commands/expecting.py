"""What `tasrib score` says of how far its decisions can be trusted in this batch."""

from __future__ import annotations

from collections.abc import Iterator

from tasrib.classify.batch import LEAST_TOLD, Expected


def expected_lines(expected: Expected | None) -> Iterator[str]:
    """
    Say what is to be expected.

    Parameters
    ----------
    expected : Expected or None
        Of the batch.

    Yields
    ------
    str
        A line each; none of a model that cannot say, or of no messages.
    """
    if expected is None or not expected.n:
        return
    shares = (
        (expected.precision, "of those called campaign are it"),
        (expected.recall, "of the campaign messages are called so"),
        (expected.with_review, "are called so or sent to review"),
    )
    said = [f"{_share(interval)} {what}" for interval, what in shares if interval is not None]
    if any(interval is None for interval, _ in shares):
        of = "of the other share" if said else "of how many decisions are right"
        said.append(f"{of} no figure can be given, for fewer than {LEAST_TOLD} messages are too few")
    messages = "1 distinct message" if expected.n == 1 else f"{expected.n} distinct messages"
    about = f", about {expected.campaign:.0%} of them campaign" if expected.n >= LEAST_TOLD else ""
    yield f"  to be expected in {messages}{about}: {'; '.join(said)}"
    if expected.unlike:
        yield (
            "  these messages hold more unknown words than what the model was measured on: more of them are sent to review, and the shares above "
            "are less sure; label some of them and train (tasrib label, tasrib train)"
        )


def _share(interval: tuple[float, float, float]) -> str:
    value, low, high = interval
    return f"{value:.1%} [{low:.1%} to {high:.1%}]"
