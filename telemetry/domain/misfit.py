"""A setting that does not fit its Jira, though all figures can be computed with it."""

from dataclasses import dataclass
from enum import StrEnum


class Source(StrEnum):
    """From what a misfit is known, and so when it is looked at again."""

    RULES = "rules"  # what every pull knows
    ASKED = "asked"  # questions to Jira: when the team is found anew or its rules change
    SPRINTS = "sprints"  # the whole lists of its boards' sprints


class Topic(StrEnum):
    """What a misfit is about, and so what to do about it."""

    SETTING = "setting"  # it names what is not there
    SHARED = "shared"  # other teams count the same
    OPEN = "open_choice"  # boards leave open what it rests on
    CATEGORY = "recategorized"  # a status means something else than it did
    LEVEL = "relevelled"  # so does a type of issues


@dataclass(frozen=True, slots=True)
class Misfit:
    """What is said of a setting, and where it is written: file, line and key.

    `is_wrong` tells it from what may well be meant, `hides_impediments` that with it nobody can
    tell what is an impediment.
    """

    source: Source
    place: str
    sentence: str
    is_wrong: bool = True
    topic: Topic = Topic.SETTING
    hides_impediments: bool = False

    def __str__(self) -> str:
        return f"{self.place}: {self.sentence}" if self.place else self.sentence
