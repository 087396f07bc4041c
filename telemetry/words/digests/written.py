"""Digests as they are sent: plain text, Markdown, Slack's Markdown and the HTML of a mail."""

from collections.abc import Callable, Iterable
from html import escape

from telemetry.words.digests.digest import Cells, Digest
from telemetry.words.html import html
from telemetry.words.markdown import escaped, for_slack, markdown
from telemetry.words.plain import plain
from telemetry.words.tame import tamed, without_mentions
from telemetry.words.targets import External, Target, Team
from telemetry.words.values import Sentence, sentence

TO_DECIDE = "To decide"
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


def text(digest: Digest, base: str | None = None) -> str:
    """Plain text: the subject, the sentences, the table in columns, and the page."""

    def line(said: Sentence) -> str:
        return without_mentions(plain(tamed(said))).rstrip()

    lines = [line(digest.title), "", *map(line, digest.lines)]
    if digest.table is not None:
        lines += ["", *_columns(digest.table, line)]
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


def as_markdown(digest: Digest, base: str | None = None) -> str:
    """CommonMark, with a table where there is one."""
    return _marked(digest, base, escaped, has_tables=True)


def as_slack(digest: Digest, base: str | None = None) -> str:
    """Markdown that becomes Slack's own: a table is a line for each row."""
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
    head = _head(table, line)
    if not has_tables:
        return "  \n".join(
            f"{line(row[0])}: "
            + ", ".join(
                f"{name} {line(cell)}" for name, cell in zip(head[1:], row[1:], strict=True) if cell
            )
            for row in table.rows
        )
    rows = [f"| {' | '.join(head)} |"]
    rows.append(f"| --- |{' ---: |' * (len(table.head) - 1)}")
    rows += [f"| {' | '.join(line(cell) for cell in row)} |" for row in table.rows]
    return "\n".join(rows)


_STYLE = """
body { margin: 0; background: #fdfdfb; color: #14181d; }
a { color: #1e5ca6; }
.box { max-width: 600px; margin: 0 auto; padding: 20px 16px; }
@media (prefers-color-scheme: dark) {
  body, .box { background: #111417 !important; color: #e6e8ea !important; }
  .soft { color: #9aa1a8 !important; } td, th { border-color: #2c3238 !important; }
  a { color: #8fb4ec !important; }
}
@media (max-width: 480px) { .shed { display: none !important; } }
"""
_FONT = "font-family:Inter,system-ui,-apple-system,'Segoe UI',sans-serif"
_H1 = f"margin:0 0 16px;{_FONT};font-size:18px;line-height:1.35;font-weight:600"
_P = f"margin:0 0 12px;{_FONT};font-size:15px;line-height:1.5"
_SMALL = f"margin:20px 0 0;{_FONT};font-size:12px;line-height:1.4;color:#656c74"
_TABLE = f"width:100%;border-collapse:collapse;margin:4px 0 16px;{_FONT};font-size:13px"
_CELL = "padding:6px 8px 6px 0;border-bottom:1px solid #e2e2dc;vertical-align:top"
_PICTURE = (  # as wide as its words are read well at, and no wider than a phone
    'width="480" style="display:block;width:100%;max-width:480px;height:auto;border:0;'
    'background:#fdfdfb;color:#14181d"'
)
_BUTTON = (
    f"display:inline-block;padding:8px 14px;border:1px solid #1f5fad;border-radius:4px;"
    f"color:#1f5fad;text-decoration:none;{_FONT};font-size:14px"
)


def as_html(
    digest: Digest,
    base: str | None = None,
    message_id: str = "",
    pictures: Iterable[tuple[str, str]] = (),
) -> str:
    """A mail of one column, its styles in the elements; dark where the reader's program is.

    `message_id` stands in its footer; `pictures` are the names of files that come with it, each
    with what it shows.
    """
    address = address_in(base)

    def line(said: Sentence) -> str:
        return html(tamed(said), address)

    title = plain(tamed(digest.title))
    body = [f'<h1 style="{_H1}">{line(digest.title)}</h1>']
    body += [f'<p style="{_P}">{line(one)}</p>' for one in digest.lines]
    body += [
        f'<p style="{_P}"><img src="cid:{escape(name)}" alt="{escape(says)}" {_PICTURE}></p>'
        for name, says in pictures
    ]
    if digest.table is not None and digest.table.rows:
        body.append(_html_table(digest.table, line))
    if digest.decisions:
        items = "".join(f'<li style="margin:0 0 8px">{line(one)}</li>' for one in digest.decisions)
        body.append(f'<h2 style="{_H1};font-size:15px;margin:20px 0 8px">{TO_DECIDE}</h2>')
        body.append(f'<ul style="{_P};padding-left:20px">{items}</ul>')
    url = url_of(digest, base)
    if url:
        body.append(
            f'<p style="{_P}"><a href="{escape(url)}" style="{_BUTTON}">Open the page</a></p>'
        )
    why = f"You get this because a digest ({digest.kind}) is configured for this address."
    number = f" Message {escape(message_id)}" if message_id else ""
    body.append(f'<p class="soft" style="{_SMALL}">{escape(why)}{number}</p>')
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        '<meta name="color-scheme" content="light dark">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head>"
        f'<body><div class="box">{"".join(body)}</div></body></html>'
    )


def _html_table(table: Cells, line: Callable[[Sentence], str]) -> str:
    is_wide = len(table.head) > WIDE

    def cell(name: str, text: str, place: int, scope: str = "") -> str:
        is_figure = name == "td" and place not in (0, *((1,) if is_wide else ()))
        look = "text-align:left" if place == 0 else "text-align:right"
        look += ";white-space:nowrap" if is_figure else ""
        shed = ' class="shed"' if is_wide and place in SHED else ""
        return f'<{name}{scope}{shed} style="{_CELL};{look}">{text}</{name}>'

    head = "".join(
        cell("th", name, place, ' scope="col"') for place, name in enumerate(_head(table, line))
    )
    rows = "".join(
        f"<tr>{''.join(cell('td', line(one), place) for place, one in enumerate(row))}</tr>"
        for row in table.rows
    )
    return f'<table style="{_TABLE}"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>'
