"""A sentence as a test reads it."""

from telemetry.words.plain import plain


def said(sentence):
    """The plain text, with ordinary spaces."""
    return plain(sentence).replace("\u202f", " ")
