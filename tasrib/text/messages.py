"""Messages as a caller gives them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set

# Messages and characters read at a time: enough that the calls weigh nothing, few enough that their n-grams, some forty times as large,
# stay near the processor, and that long e-mails do not fill the memory.
BATCH, _CHARACTERS = 500, 200_000


def as_texts(X: Iterable[str]) -> list[str]:
    """
    Check that messages are messages.

    Parameters
    ----------
    X : iterable of str
        Messages.

    Returns
    -------
    list of str
        The same.

    Raises
    ------
    ValueError
        When it is one string or a table, or something in it is no string: a missing value is no message.
    """
    if isinstance(X, str | bytes):
        raise ValueError("expected a sequence of messages, got one string; wrap it in a list")
    if hasattr(X, "columns"):
        raise ValueError("expected a sequence of messages, got a table; name its column of texts, as in frame['text']")
    if not isinstance(X, Iterable) or isinstance(X, Mapping | Set):
        raise ValueError(f"expected a sequence of messages, got {type(X).__name__}")
    texts = list(X)
    for position, text in enumerate(texts):
        if not isinstance(text, str):
            missing = text is None or text != text
            what = "missing" if missing is True else f"{type(text).__name__}, not text"
            raise ValueError(f"message {position} is {what}; drop it or convert it")
    return texts


def in_batches(texts: Sequence[str]) -> Iterator[slice]:
    """
    Part messages into as many as are read at a time.

    Parameters
    ----------
    texts : sequence of str
        Messages.

    Yields
    ------
    slice
        At most `BATCH` messages that follow each other; one alone where it is longer than a batch may be.
    """
    start = characters = 0
    for place, text in enumerate(texts):
        characters += len(text)
        if place > start and (place - start >= BATCH or characters > _CHARACTERS):
            yield slice(start, place)
            start, characters = place, len(text)
    if start < len(texts):
        yield slice(start, len(texts))
