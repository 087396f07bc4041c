"""Which questions Jira leaves without an answer while it answers others.

Such a question would cost the whole patience each time that it is asked, and at every pull anew.
So it is asked again once, for a part of the time, and at later pulls once; at each third of these
for the whole time, since it may but be slow. Where many of a kind hang one after the other, no more
of that kind are asked in this pull.
"""

import re
from collections import Counter
from collections.abc import Mapping
from hashlib import blake2b
from threading import Lock

TRIES = 2
MOST = 12  # tries of a kind, without an answer to any
PART = 1 / 3  # of the time that others are given
_WHOLE_EVERY = 3
_MOST_KEPT = 40
_numbers = re.compile(r"\d[\d, ]*")  # of instants and ids, which are others at each pull
_name = re.compile(r"/[A-Z0-9][^/]*")  # of an issue, a board, a project


def key_of(path: str, asked: Mapping[str, object]) -> str:
    """What stays of a question from pull to pull: its path, and its query without numbers."""
    jql = asked.get("jql")
    if not isinstance(jql, str):
        return path
    return f"{path} {blake2b(_numbers.sub('0', jql).encode(), digest_size=8).hexdigest()}"


class Silences:
    """Counts tries that hung since a question, or one of its kind, was answered; for any thread."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._tries = Counter[str]()
        self._of_kind = Counter[str]()
        self._known: Mapping[str, int] = {}

    def recall(self, known: Mapping[str, int]) -> None:
        """Take over what hung at the last pulls, and at how many, to be asked once."""
        with self._lock:
            self._known = dict(known)
            self._tries.update(dict.fromkeys(self._known, MOST - 1))

    def count(self, key: str) -> int:
        """How many tries of the question, or in a row of its kind, hung."""
        with self._lock:
            return max(self._tries[key], self._of_kind[_kind(key)])

    def part(self, key: str) -> float:
        """The part of the usual time that the question is given."""
        pulls = self._known.get(key, 0)
        is_first = self.count(key) == (MOST - 1 if pulls else 0)
        return 1 if is_first and pulls % _WHOLE_EVERY == (1 if pulls else 0) else PART

    def hung(self, key: str) -> None:
        """A try did; what is known to hang tells nothing of others of its kind."""
        with self._lock:
            self._tries[key] += 1
            self._of_kind[_kind(key)] += key not in self._known

    def answered(self, key: str) -> None:
        """The question was, whatever the answer."""
        with self._lock:
            self._tries.pop(key, None)
            self._of_kind.pop(_kind(key), None)

    def kept(self) -> dict[str, int]:
        """What to recall at the next pull."""
        with self._lock:
            hung = sorted(key for key, count in self._tries.items() if count >= TRIES)
            return {key: self._known.get(key, 0) + 1 for key in hung[:_MOST_KEPT]}


def _kind(key: str) -> str:
    return _name.sub("/*", key.partition(" ")[0])
