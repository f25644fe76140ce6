"""What the two spellings of Darija share: the consonants. صوتو and "sewtou" are both ``swtw``."""

from __future__ import annotations

import re
from functools import lru_cache

# Words as the other n-grams see them, but with the apostrophe that is a letter in Latin Darija ("3'", "l'").
_TOKEN = re.compile(r"[\w']+|[^\w\s]")
_ARABIC = re.compile(r"[\u0621-\u064a]")
_LATIN = re.compile(r"[a-z]")

# Emphatic and plain letters are one, as writers in Latin letters do not part them; short vowels and alef are not written.
_FROM_ARABIC = str.maketrans(
    "بتثجحخدذرزسشصضطظعغفقكلمنهوي",
    "bttjhxddrzscsdtdegfqklmnhwy",
    "اءئؤأإآٱ",
)
_DIGRAPHS = (("3'", "g"), ("kh", "x"), ("ch", "c"), ("sh", "c"), ("gh", "g"), ("ou", "w"), ("th", "t"), ("dh", "d"), ("ph", "f"), ("qu", "k"))  # fmt: skip
_FROM_LATIN = str.maketrans("573986ouivp", "xheqhtwwyfb", "ae'2")
_REPEATED = re.compile(r"(.)\1+")


@lru_cache(maxsize=1 << 17)
def consonant_skeleton(word: str) -> str:
    """
    Reduce a word in Arabic or Latin letters to the consonants that both ways of writing Darija keep.

    Parameters
    ----------
    word : str
        One word of a normalised message.

    Returns
    -------
    str
        Latin letters, repeated ones single; ``"_"`` where no consonant is left. Typed tokens, numbers, signs and
        words in other scripts stay as they are.

    Notes
    -----
    Digits for Arabic letters as in Darwish, "Arabizi detection and conversion to Arabic", 2014, table 1, with Morocco's 9
    for qaf.
    """
    if _ARABIC.search(word):
        # A final heh is most often a teh marbuta, which Latin spellings write "a" or leave out.
        kept = (word[:-1] if len(word) > 2 and word.endswith("ه") else word).translate(_FROM_ARABIC)
    elif _LATIN.search(word):
        kept = word
        for pair, letter in _DIGRAPHS:
            kept = kept.replace(pair, letter)
        # The digraphs gave e and i no new meaning, but "e" stands for ain from here on.
        kept = kept.translate(_FROM_LATIN)
    else:
        return word
    return _REPEATED.sub(r"\1", kept) or "_"


def skeleton_tokens(text: str) -> list[str]:
    """
    Words and signs of a normalised text, the words as skeletons.

    Parameters
    ----------
    text : str
        A normalised message or a part of one between blanks.

    Returns
    -------
    list of str
        In the order of the text.
    """
    return [consonant_skeleton(token) for token in _TOKEN.findall(text)]
