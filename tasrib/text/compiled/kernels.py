"""
Loops over n-grams that numba compiles: imported by `tasrib.text.compiled.loading` alone, and only where numba is.

Each says what a function of NumPy says elsewhere in this package, to the bit: the same operations on the same types, and what is added up is whole
or lies on a grid (`tasrib.text.grid`), so that the order does not matter.
"""

from __future__ import annotations

import math

import numba
import numpy as np

_SEED = np.uint32(0)
_C1, _C2, _ADDED = np.uint32(0xCC9E2D51), np.uint32(0x1B873593), np.uint32(0xE6546B64)
_F1, _F2 = np.uint32(0x85EBCA6B), np.uint32(0xC2B2AE35)
_BLANK = np.uint32(0x20)

_jitted = numba.njit(error_model="numpy")


@_jitted
def _mix(block):
    block = np.uint32(block * _C1)
    return np.uint32(np.uint32((block << np.uint32(15)) | (block >> np.uint32(17))) * _C2)


@_jitted
def _stir(found, block):
    found = np.uint32(found ^ _mix(block))
    return np.uint32(np.uint32((found << np.uint32(13)) | (found >> np.uint32(19))) * np.uint32(5) + _ADDED)


@_jitted
def _run_column(data, begin, end, words, first, last, mask):
    """Column of some words with blanks between them: as `tasrib.text.murmur.Hashed.columns`."""
    found, block, length = _SEED, _SEED, np.uint32(0)
    for at in range(first, last):
        word = words[at]
        # The blank before a word belongs to it, but for the first.
        for place in range(begin[word] - (at > first), end[word]):
            byte = _BLANK if place < begin[word] else np.uint32(data[place])
            block = np.uint32(block | (byte << np.uint32(8 * (length & np.uint32(3)))))
            length = np.uint32(length + np.uint32(1))
            if length & np.uint32(3) == 0:
                found = _stir(found, block)
                block = _SEED
    if length & np.uint32(3):
        found = np.uint32(found ^ _mix(block))
    found = np.uint32(found ^ length)
    found = np.uint32(np.uint32(found ^ (found >> np.uint32(16))) * _F1)
    found = np.uint32(np.uint32(found ^ (found >> np.uint32(13))) * _F2)
    found = np.uint32(found ^ (found >> np.uint32(16)))
    # The low bits of an absolute value.
    if found >> np.uint32(31):
        found = np.uint32(~found + np.uint32(1))
    return np.int32(found & mask)


@_jitted
def _find(column, slots, mask, columns, first, last):
    """Entry of a column among those of a message, or where it is to be the next; slots of earlier messages count as free."""
    slot = column & mask
    while True:
        entry = slots[slot]
        if entry < first or entry >= last:
            slots[slot] = last
            return last
        if columns[entry] == column:
            return entry
        slot = (slot + 1) & mask


def count(
    chunks, bounds, column_starts, columns_of, written, bare, fewest_words, most_words, bits, slots, numbers, owners,
    entry_bounds, columns, times, share_bounds, share_entry, share_chunk, share_of,
):  # fmt: skip
    """
    Count the n-grams of messages.

    `chunks` are numbers of chunks, `bounds` where those of each message begin; `written` and `bare` are the words of chunks and their skeletons:
    (bytes, begin, end, first word of each chunk). What is found: the entries of each message (column and times), and for each occurrence the chunks
    that share it.
    """
    n_slots, n_entries, n_shares = np.int32(len(slots) - 1), 0, 0
    hashed = np.uint32((1 << bits) - 1)
    most = 0
    for message in range(len(bounds) - 1):
        opened = n_entries
        for place in range(bounds[message], bounds[message + 1]):
            chunk = chunks[place]
            for at in range(column_starts[chunk], column_starts[chunk + 1]):
                column = columns_of[at]
                entry = _find(column, slots, n_slots, columns, opened, n_entries)
                if entry == n_entries:
                    columns[entry], times[entry] = column, 0
                    n_entries += 1
                times[entry] += 1
                most = max(most, times[entry])
                share_entry[n_shares], share_chunk[n_shares], share_of[n_shares] = entry, place, 1
                n_shares += 1
        for kind in range(2):
            data, begin, end, first_word = written if kind == 0 else bare
            n_words = 0
            for place in range(bounds[message], bounds[message + 1]):
                chunk = chunks[place]
                for word in range(first_word[chunk], first_word[chunk + 1]):
                    numbers[n_words], owners[n_words] = word, place
                    n_words += 1
            above = np.int32((2 * kind + 1) << bits)
            for size in range(fewest_words, most_words + 1):
                for first in range(n_words - size + 1):
                    column = np.int32(_run_column(data, begin, end, numbers, first, first + size, hashed) + above)
                    entry = _find(column, slots, n_slots, columns, opened, n_entries)
                    if entry == n_entries:
                        columns[entry], times[entry] = column, 0
                        n_entries += 1
                    times[entry] += 1
                    most = max(most, times[entry])
                    for nth in range(size):
                        share_entry[n_shares], share_chunk[n_shares], share_of[n_shares] = (
                            entry,
                            owners[first + nth],
                            size,
                        )
                        n_shares += 1
        entry_bounds[message + 1], share_bounds[message + 1] = n_entries, n_shares
    return most


def weigh(
    bounds, columns, times, logs, idf, unknown, short, coef, kinds, bits, features, rounder, scores, strange, known
):
    """Weigh the entries of messages and add up what they say, one thing in each loop: `tasrib.classify.weighing`."""
    n_classes = coef.shape[1]
    squares = np.empty(kinds)
    for message in range(len(bounds) - 1):
        first, last = bounds[message], bounds[message + 1]
        squares[:] = 0.0
        strangers = 0
        for entry in range(first, last):
            column = columns[entry]
            weight = np.float32(logs[times[entry]] * idf[column])
            features[entry] = weight
            squares[column >> bits] += np.float64(np.float32(weight * weight))
            strangers += idf[column] >= unknown
        for kind in range(kinds):
            squares[kind] = math.sqrt(squares[kind] + short)
        for entry in range(first, last):
            features[entry] = np.float32(np.float64(features[entry]) / squares[columns[entry] >> bits])
        occurrences, met = 0, 0
        for entry in range(first, last):
            column = columns[entry]
            if column >> bits == 0:
                occurrences += times[entry]
                for label in range(n_classes):
                    if coef[column, label] != 0:
                        met += times[entry]
                        break
        for entry in range(first, last):
            column, feature = columns[entry], features[entry]
            for label in range(n_classes):
                part = np.float64(np.float32(feature * coef[column, label]))
                scores[message, label] += (part + rounder) - rounder
        strange[message] = strangers / max(last - first, 1)
        known[message] = met / max(occurrences, 1)


def share_out(rows, against, slope, bounds, columns, times, features, coef, weights, shares, rounder, totals):
    """Give what each entry adds in some messages to the chunks that share it: `Ngrams.share_out`."""
    share_bounds, share_entry, share_chunk, share_of = shares
    n_classes = coef.shape[1]
    for nth in range(len(rows)):
        message = rows[nth]
        first = bounds[message]
        for entry in range(first, bounds[message + 1]):
            column = columns[entry]
            weight = 0.0
            for label in range(n_classes):
                weight += against[nth, label] * np.float64(coef[column, label])
            weights[entry - first] = np.float64(np.float32(slope * features[entry])) * weight / times[entry]
        for share in range(share_bounds[message], share_bounds[message + 1]):
            part = weights[share_entry[share] - first] / share_of[share]
            totals[share_chunk[share]] += (part + rounder) - rounder


def vote(
    chunks, bounds, first_word, scores, letters, words, families, n_families, intercept, neighbours, least_share, found
):  # fmt: skip
    """Decide which variety each message is of by the scores of its words: `tasrib.text.varieties.Varieties`."""
    n_varieties = scores.shape[1]
    held, voices, whole = np.empty(n_families), np.empty(n_families), np.empty(n_varieties)
    for message in range(len(bounds) - 1):
        several = 0
        for place in range(bounds[message], bounds[message + 1]):
            for word in range(first_word[chunks[place]], first_word[chunks[place] + 1]):
                words[several] = word
                several += 1
        if several == 0:
            found[message] = -1
            continue
        held[:], whole[:] = 0.0, 0.0
        for nth in range(several):
            word = words[nth]
            voices[:] = -np.inf
            for variety in range(n_varieties):
                beside = 0.0
                if nth > 0:
                    beside += scores[words[nth - 1], variety]
                if nth + 1 < several:
                    beside += scores[words[nth + 1], variety]
                voice = scores[word, variety] + neighbours * beside
                voices[families[variety]] = max(voices[families[variety]], voice)
                whole[variety] += scores[word, variety]
            held[np.argmax(voices)] += letters[word]
        all_letters = held.sum()
        first, second = 0, -1
        for family in range(n_families):
            held[family] /= all_letters
            if held[family] > held[first]:
                first = family
        for family in range(n_families):
            if family != first and (second < 0 or held[family] > held[second]):
                second = family
        if second >= 0 and held[second] >= least_share and several > 3:
            found[message] = n_varieties
            continue
        best = -1
        for variety in range(n_varieties):
            whole[variety] = whole[variety] / math.sqrt(several) + intercept[variety]
            if families[variety] == first and (best < 0 or whole[variety] > whole[best]):
                best = variety
        found[message] = best


_I4, _I8, _F4, _F8 = (
    numba.types.Array(kind, 1, "C") for kind in (numba.int32, numba.int64, numba.float32, numba.float64)
)
_GIVEN_I4, _GIVEN_I8, _GIVEN_F4, _BYTES = (
    numba.types.Array(kind, 1, "C", readonly=True) for kind in (numba.int32, numba.int64, numba.float32, numba.uint8)
)
_TABLE_F4, _TABLE_F8 = (numba.types.Array(kind, 2, "C", readonly=True) for kind in (numba.float32, numba.float64))
_INT, _DOUBLE, _SINGLE = numba.int64, numba.float64, numba.float32
_WORDS = numba.types.Tuple([_BYTES, _GIVEN_I8, _GIVEN_I8, _GIVEN_I8])
_SHARES = numba.types.Tuple([_GIVEN_I8, _GIVEN_I4, _GIVEN_I4, numba.types.Array(numba.int8, 1, "C", readonly=True)])
# Written out, so that each is compiled once, when it is loaded, and never for other types in the middle of the work.
SIGNATURES = {
    "count": _INT(
        _GIVEN_I8, _GIVEN_I8, _GIVEN_I8, _GIVEN_I4, _WORDS, _WORDS, _INT, _INT, _INT, _I4, _I4, _I4,
        _I8, _I4, _I4, _I8, _I4, _I4, numba.types.Array(numba.int8, 1, "C"),
    ),
    "weigh": numba.void(
        _GIVEN_I8, _GIVEN_I4, _GIVEN_I4, _GIVEN_F4, _GIVEN_F4, _SINGLE, _DOUBLE, _TABLE_F4, _INT, _INT, _F4, _DOUBLE,
        numba.types.Array(numba.float64, 2, "C"), _F8, _F8,
    ),
    "share_out": numba.void(
        _GIVEN_I8, _TABLE_F8, _SINGLE, _GIVEN_I8, _GIVEN_I4, _GIVEN_I4, _GIVEN_F4, _TABLE_F4, _F8, _SHARES, _DOUBLE, _F8
    ),
    "vote": numba.void(
        _GIVEN_I8, _GIVEN_I8, _GIVEN_I8, _TABLE_F8, _GIVEN_I8, _I8, _GIVEN_I8, _INT, numba.types.Array(_DOUBLE, 1, "C", readonly=True),
        _DOUBLE, _DOUBLE, _I8,
    ),
}  # fmt: skip
