"""What a service is sent of a message: title, body and format; pure, apart from the sending."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from telemetry.words.alerts.message import Message
from telemetry.words.digests.digest import Digest
from telemetry.words.digests.written import as_html, as_markdown, as_slack, text
from telemetry.words.html import html
from telemetry.words.mail import P, page
from telemetry.words.markdown import escaped, for_slack, markdown
from telemetry.words.plain import plain
from telemetry.words.tame import tamed, without_mentions
from telemetry.words.targets import External, Target
from telemetry.words.values import Sentence

SUBJECT = 150  # characters of a mail's subject


class Dialect(StrEnum):
    TEXT = "text"
    MARKDOWN = "markdown"
    SLACK = "slack"
    HTML = "html"


@dataclass(frozen=True, slots=True)
class Payload:
    title: str
    body: str
    dialect: Dialect


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG as a file of this name, and what it shows."""

    name: str
    says: Sentence
    content: bytes


@dataclass(frozen=True, slots=True)
class Post:
    """A digest as a message; `base` is the address of the pages, where they have one."""

    id: str
    digest: Digest
    base: str | None
    pictures: tuple[Picture, ...] = ()


Sendable = Message | Post


def payload(message: Sendable, dialect: Dialect, *, has_tables: bool = True) -> Payload:
    """The message in the service's own dialect, all that comes from elsewhere escaped.

    `has_tables` tells whether who reads it sees tables as such.
    """
    if isinstance(message, Post):
        return _post(message, dialect, has_tables=has_tables)
    return _WRITERS[dialect](message)


def captions(pictures: Sequence[Picture], dialect: Dialect) -> str:
    """What pictures show, a line each, for the message that carries them."""
    write = {Dialect.SLACK: for_slack, Dialect.MARKDOWN: escaped}.get(dialect, str)
    return "\n".join(write(_shown(one)) for one in pictures)


def _shown(picture: Picture) -> str:
    return without_mentions(plain(tamed(picture.says)))


def _post(post: Post, dialect: Dialect, *, has_tables: bool) -> Payload:
    """A digest; its first line is the title where a service has one apart from the body."""
    digest, base = post.digest, post.base
    if dialect is Dialect.HTML:
        pictures = [(one.name, _shown(one)) for one in post.pictures]
        page = as_html(digest, base, post.id, pictures)
        return Payload(_subject(digest.title), page, dialect)
    if dialect is Dialect.TEXT:
        title, _, body = text(digest, base, has_tables=has_tables).partition("\n")
        return Payload(title, body.strip("\n") or title, dialect)
    if dialect is Dialect.SLACK:
        return Payload("", as_slack(digest, base), dialect)
    return Payload("", as_markdown(digest, base, has_tables=has_tables), dialect)


def _subject(title: Sentence) -> str:
    """What a mail is about, without what only a line of a chat can hold."""
    subject = plain(tamed(title))
    return subject if len(subject) <= SUBJECT else subject[: SUBJECT - 1].rstrip() + "…"


def _address(target: Target) -> str | None:
    """Only pages of the tracker have an address of their own in a message."""
    return target.url if isinstance(target, External) else None


def _text(message: Message) -> Payload:
    """The first line is the title; a service that knows none puts it above the body."""
    title, *rest = (without_mentions(plain(line)) for line in message.lines)
    body = "\n".join([*rest, *([message.url] if message.url else [])])
    return Payload(title, body or title, Dialect.TEXT)


def _markdown(message: Message) -> Payload:
    """One body of lines; a line end is a hard one, whoever reads it."""
    return Payload("", _lines(message, escaped), Dialect.MARKDOWN)


def _slack(message: Message) -> Payload:
    """As Markdown, which Apprise turns into Slack's own."""
    return Payload("", _lines(message, for_slack), Dialect.SLACK)


def _lines(message: Message, escape: Callable[[str], str]) -> str:
    lines = [without_mentions(markdown(one, _address, escape=escape)) for one in message.lines]
    lines += [f"<{message.url}>"] if message.url else []
    return "  \n".join(lines)


def _html(message: Message) -> Payload:
    """A page of paragraphs; its id in the footer."""
    lines = [f'<p style="{P}">{html(line, _address)}</p>' for line in message.lines]
    subject = _subject(message.lines[0])
    whole = page(subject, lines, url=message.url, why=f"Message {message.id}")
    return Payload(subject, whole, Dialect.HTML)


_WRITERS: dict[Dialect, Callable[[Message], Payload]] = {
    Dialect.TEXT: _text,
    Dialect.MARKDOWN: _markdown,
    Dialect.SLACK: _slack,
    Dialect.HTML: _html,
}
