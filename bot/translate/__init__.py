"""Jira's raw answers as domain objects: pure, and knowing no clock.

Place: Jira → client → **translate** → history. `Translator` holds what a site needs; authors
leave it as pseudonyms only.
"""

from bot.translate.agile import (
    translate_board,
    translate_sprint,
    translate_status,
    translate_statuses,
    unlisted_statuses,
)
from bot.translate.translator import Reading, Translator, fields_to_ask

__all__ = [
    "Reading",
    "Translator",
    "fields_to_ask",
    "translate_board",
    "translate_sprint",
    "translate_status",
    "translate_statuses",
    "unlisted_statuses",
]
