"""Messages as a caller gives them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set


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
