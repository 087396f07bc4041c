"""Impediments that come back: groups of issues whose summaries say nearly the same.

Read by the report of impediments. A summary is the set of its words, without numbers, issue
keys and words that say nothing; writing without spaces, as Chinese, counts by pairs of
characters. Two summaries are similar where they share at least half of all their words; what is
similar to a member belongs to the group. The order of the issues changes nothing.
"""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import ceil
from typing import NamedTuple

SIMILAR = 0.5  # shared words of all words of two summaries
FEWEST = 3  # issues: what came twice may be chance
GAP = "…"

_UNSPACED = "\u0e00-\u0e7f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff"
_PIECE = re.compile(
    r"(?P<key>(?<![A-Za-z0-9])[A-Z][A-Z0-9_]*-\d+(?!\w))"
    rf"|(?P<unspaced>[{_UNSPACED}]+)|(?P<word>[^\W_{_UNSPACED}]+)"
)
_SMALL_WORDS = (  # English, French, German
    "a about after again all an and are as at be been before by can cannot could do does due for "
    "from had has have if in into is it its more need needed needs new no not of off on one or "
    "our out over please so some still than that the their then there these this to too under up "
    "us via was we were when where which while who why will with without you your "
    "au aux avec ce ces dans de des du en est et la le les leur ne nous ou par pas pour que qui "
    "sans se ses sont sur un une vous à "
    "als am an auf aus bei das dem den der die durch ein eine einem einen einer es für im ist "
    "kann mit nach nicht oder sich sind und vom von vor wenn wie wird wir zu zum zur"
)
_SAY_NOTHING = frozenset(_SMALL_WORDS.split())


class Piece(NamedTuple):
    """A part of a summary: a word, or a pair of characters; None stands for what always varies."""

    start: int
    end: int
    token: str | None


@dataclass(frozen=True, slots=True)
class Group:
    """Issues, by id, that say nearly the same; `pattern` is what they share, `…` what varies."""

    pattern: str
    issue_ids: tuple[int, ...]


def recurring(summaries: Mapping[int, str], fewest: int = FEWEST) -> tuple[Group, ...]:
    """The groups of at least `fewest` similar summaries, by issue id; the largest first."""
    by_tokens: defaultdict[frozenset[str], list[int]] = defaultdict(list)
    for issue_id in sorted(summaries):
        by_tokens[tokens_of(summaries[issue_id])].append(issue_id)
    by_tokens.pop(frozenset(), None)
    sets = sorted(by_tokens, key=lambda tokens: by_tokens[tokens][0])
    groups = []
    for members in _connected(sets):
        ids = sorted(issue_id for place in members for issue_id in by_tokens[sets[place]])
        if len(ids) >= fewest:
            groups.append(Group(pattern_of({i: summaries[i] for i in ids}), tuple(ids)))
    return tuple(sorted(groups, key=lambda group: (-len(group.issue_ids), group.issue_ids)))


@lru_cache(8192)  # half of a pull's time for weeks: these look at the same titles again
def tokens_of(summary: str) -> frozenset[str]:
    """What a summary is compared by."""
    return frozenset(piece.token for piece in _pieces(summary) if piece.token is not None)


def _pieces(summary: str) -> Iterator[Piece]:
    for match in _PIECE.finditer(summary):
        start, end = match.span()
        text = unicodedata.normalize("NFKC", match[0]).casefold()
        if match["unspaced"]:
            pairs = [match[0][n : n + 2] for n in range(max(end - start - 1, 1))]
            yield from (Piece(start + n, start + n + len(p), p) for n, p in enumerate(pairs))
        elif match["key"] or text[0].isdigit():
            yield Piece(start, end, None)
        elif len(text) > 1 and text not in _SAY_NOTHING:
            yield Piece(start, end, _stem(text))


def _stem(word: str) -> str:
    """The word without the ending of an English or French plural."""
    is_plural = len(word) > 3 and word.endswith("s") and not word.endswith("ss")
    return word[:-1] if is_plural else word


def _connected(sets: Sequence[frozenset[str]]) -> list[list[int]]:
    """The places of the sets in groups: each with those it is similar to, and theirs."""
    leader = list(range(len(sets)))

    def find(place: int) -> int:
        while leader[place] != place:
            leader[place] = leader[leader[place]]
            place = leader[place]
        return place

    for one, other in _similar_pairs(sets):
        leader[find(one)] = find(other)
    groups: defaultdict[int, list[int]] = defaultdict(list)
    for place in range(len(sets)):
        groups[find(place)].append(place)
    return list(groups.values())


def _similar_pairs(sets: Sequence[frozenset[str]]) -> Iterator[tuple[int, int]]:
    """The pairs of places whose sets are similar.

    Two such sets share one of their rarest words (as many as may be missing, and one more), so
    only sets that do are compared: hundreds of summaries cost milliseconds.
    """
    frequency = Counter(token for tokens in sets for token in tokens)
    seen: defaultdict[str, list[int]] = defaultdict(list)
    for place, tokens in enumerate(sets):
        by_rarity = sorted(tokens, key=lambda token: (frequency[token], token))
        rare = by_rarity[: len(tokens) - ceil(SIMILAR * len(tokens)) + 1]
        for other in sorted({other for token in rare for other in seen[token]}):
            if len(tokens & sets[other]) >= SIMILAR * len(tokens | sets[other]):
                yield place, other
        for token in rare:
            seen[token].append(place)


def pattern_of(summaries: Mapping[int, str]) -> str:
    """The summary with the fewest words of its own, these as `…`.

    A word is shared where more than half of the summaries have it.
    """
    frequency = Counter(t for summary in summaries.values() for t in tokens_of(summary))
    shared = {token for token, count in frequency.items() if 2 * count > len(summaries)}
    own = {i: len(tokens_of(summary) - shared) for i, summary in summaries.items()}
    text = summaries[min(summaries, key=lambda issue_id: (own[issue_id], issue_id))]
    varies = [False] * len(text)
    for piece in _pieces(text):
        if piece.token not in shared:
            varies[piece.start : piece.end] = [True] * (piece.end - piece.start)
    for piece in _pieces(text):
        if piece.token in shared:  # a character of two pairs stays if one of them is shared
            varies[piece.start : piece.end] = [False] * (piece.end - piece.start)
    with_gaps = "".join(
        GAP if is_own else letter for letter, is_own in zip(text, varies, strict=True)
    )
    return re.sub(rf"{GAP}(?:[\s{GAP}]*{GAP})?", GAP, " ".join(with_gaps.split()))
