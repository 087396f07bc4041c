"""Digests as they are sent: plain text, Markdown, Slack's Markdown and the HTML of a mail."""

from collections.abc import Callable, Iterable
from html import escape

from telemetry.words.digests.digest import Cells, Digest
from telemetry.words.html import html
from telemetry.words.mail import CELL, H1, PICTURE, TABLE, P, page
from telemetry.words.markdown import escaped, for_slack, markdown
from telemetry.words.numbers import UNKNOWN
from telemetry.words.plain import plain
from telemetry.words.tame import tamed, without_mentions
from telemetry.words.targets import External, Target, Team
from telemetry.words.values import Sentence, sentence

TO_DECIDE = "To decide"
UNBROKEN = "\u2011"  # a hyphen at which no line ends
COMPARED = 3  # columns of a table that holds two against each other
WIDE, SHED = 4, (1, 4)  # columns of a wide table that a phone does without
Address = Callable[[Target], str | None]


def address_in(base: str | None) -> Address:
    """Where figures lead: to the tracker's pages, and to those of teams where `base` is known."""

    def address(target: Target) -> str | None:
        if isinstance(target, External):
            return target.url or None
        if isinstance(target, Team) and base:
            return f"{base.rstrip('/')}/teams/{target.key}"
        return None

    return address


def url_of(digest: Digest, base: str | None) -> str | None:
    """The page that knows more; None without `web.url`."""
    return f"{base.rstrip('/')}{digest.path}" if base else None


def text(digest: Digest, base: str | None = None, *, has_tables: bool = True) -> str:
    """Plain text: the subject, the sentences, the table in columns, and the page.

    Without `has_tables` a row is a line: columns need letters of one width, and a wide screen.
    """

    def line(said: Sentence) -> str:
        return without_mentions(plain(tamed(said))).rstrip()

    lines = [line(digest.title), "", *map(line, digest.lines)]
    if digest.table is not None:
        write = _columns if has_tables else _as_lines
        lines += ["", *write(digest.table, line)]
    if digest.decisions:
        lines += ["", f"{TO_DECIDE}:", *(f"- {line(one)}" for one in digest.decisions)]
    url = url_of(digest, base)
    return "\n".join([*lines, *(["", url] if url else [])])


def _columns(table: Cells, line: Callable[[Sentence], str]) -> list[str]:
    rows = [_head(table, line), *([line(cell) for cell in row] for row in table.rows)]
    widths = [max(len(row[place]) for row in rows) for place in range(len(table.head))]
    return [
        "  ".join(
            cell.ljust(width) if place == 0 else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]


def _head(table: Cells, line: Callable[[Sentence], str]) -> list[str]:
    """What stands above the columns: a sprint's name may be among it."""
    return [line(sentence(name)) for name in table.head]


def as_markdown(digest: Digest, base: str | None = None, *, has_tables: bool = True) -> str:
    """CommonMark, with a table where there is one and its reader shows some."""
    return _marked(digest, base, escaped, has_tables=has_tables)


def as_slack(digest: Digest, base: str | None = None) -> str:
    """Markdown that becomes Slack's own, which knows no tables."""
    return _marked(digest, base, for_slack, has_tables=False)


def _marked(
    digest: Digest, base: str | None, escape_: Callable[[str], str], *, has_tables: bool
) -> str:
    address = address_in(base)

    def line(said: Sentence) -> str:
        return without_mentions(markdown(tamed(said), address, escape=escape_)).rstrip()

    blocks = [line(digest.title), *map(line, digest.lines)]
    if digest.table is not None and digest.table.rows:
        blocks.append(_table(digest.table, line, has_tables=has_tables))
    if digest.decisions:
        decided = "\n".join(f"- {line(one)}" for one in digest.decisions)
        blocks.append(f"{escape_(TO_DECIDE)}:\n\n{decided}")
    url = url_of(digest, base)
    return "\n\n".join([*blocks, *([f"<{url}>"] if url else [])])


def _table(
    table: Cells,
    line: Callable[[Sentence], str],
    *,
    has_tables: bool,
) -> str:
    if not has_tables:
        return "  \n".join(_as_lines(table, line))
    rows = [f"| {' | '.join(_head(table, line))} |"]
    rows.append(f"| --- |{' ---: |' * (len(table.head) - 1)}")
    rows += [f"| {' | '.join(line(cell) for cell in row)} |" for row in table.rows]
    return "\n".join(rows)


def _as_lines(table: Cells, line: Callable[[Sentence], str]) -> list[str]:
    """A line for each row: its cells with what stands above them, or two that are compared."""
    head = _head(table, line)
    if not table.head[0] and len(head) == COMPARED:
        return [
            f"{head[1]} ({head[2]}):",
            *(
                f"{line(name)}: {line(now)} ({line(then) or UNKNOWN})"
                for name, now, then in table.rows
            ),
        ]
    return [
        f"{line(row[0])}: "
        + ", ".join(
            said if name.lower() in said.lower() else f"{_small(name)} {said}"
            for name, said in zip(head[1:], map(line, row[1:]), strict=True)
            if said not in ("", UNKNOWN)
        )
        for row in table.rows
    ]


def _small(name: str) -> str:
    """A column's name within a line."""
    return name[0].lower() + name[1:] if name[1:2].islower() else name


def as_html(
    digest: Digest,
    base: str | None = None,
    message_id: str = "",
    pictures: Iterable[tuple[str, str]] = (),
) -> str:
    """The page of a mail.

    `message_id` stands in its footer; `pictures` are the names of files that come with it, each
    with what it shows.
    """
    address = address_in(base)

    def line(said: Sentence) -> str:
        return html(tamed(said), address)

    title = plain(tamed(digest.title))
    body = [f'<h1 style="{H1}">{line(digest.title)}</h1>']
    body += [f'<p style="{P}">{line(one)}</p>' for one in digest.lines]
    body += [
        f'<p style="{P}"><img src="cid:{escape(name)}" alt="{escape(says)}" {PICTURE}></p>'
        for name, says in pictures
    ]
    if digest.table is not None and digest.table.rows:
        body.append(_html_table(digest.table, line))
    if digest.decisions:
        items = "".join(f'<li style="margin:0 0 8px">{line(one)}</li>' for one in digest.decisions)
        body.append(f'<h2 style="{H1};font-size:15px;margin:20px 0 8px">{TO_DECIDE}</h2>')
        body.append(f'<ul style="{P};padding-left:20px">{items}</ul>')
    why = f"You get this because a digest ({digest.kind}) is configured for this address."
    number = f" Message {message_id}" if message_id else ""
    url = url_of(digest, base)
    return page(title, body, url=url, why=f"{why}{number}")


def _html_table(table: Cells, line: Callable[[Sentence], str]) -> str:
    is_wide = len(table.head) > WIDE

    def cell(name: str, text: str, place: int, scope: str = "") -> str:
        is_figure = name == "td" and place not in (0, *((1,) if is_wide else ()))
        look = "text-align:left" if place == 0 else "text-align:right"
        look += ";white-space:nowrap" if is_figure else ""
        look += ";padding-right:0" if place == len(table.head) - 1 else ""
        shed = ' class="shed"' if is_wide and place in SHED else ""
        return f'<{name}{scope}{shed} style="{CELL};{look}">{text}</{name}>'

    head = "".join(
        cell("th", name.replace("-", UNBROKEN), place, ' scope="col"')
        for place, name in enumerate(_head(table, line))
    )
    rows = "".join(
        f"<tr>{''.join(cell('td', line(one), place) for place, one in enumerate(row))}</tr>"
        for row in table.rows
    )
    return f'<table style="{TABLE}"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>'
