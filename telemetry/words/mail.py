"""The page of a mail: a column, styles in its elements, dark where the reader's program is."""

from collections.abc import Iterable
from html import escape

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
H1 = f"margin:0 0 16px;{_FONT};font-size:18px;line-height:1.35;font-weight:600"
P = f"margin:0 0 12px;{_FONT};font-size:15px;line-height:1.5"
_SMALL = f"margin:20px 0 0;{_FONT};font-size:12px;line-height:1.4;color:#656c74"
TABLE = f"width:100%;border-collapse:collapse;margin:4px 0 16px;{_FONT};font-size:13px"
CELL = "padding:6px 8px 6px 0;border-bottom:1px solid #e2e2dc;vertical-align:top"
PICTURE = (  # as wide as its words are read well at, and no wider than a phone
    'width="480" style="display:block;width:100%;max-width:480px;height:auto;border:0;'
    'background:#fdfdfb;color:#14181d"'
)
_BUTTON = (
    f"display:inline-block;padding:8px 14px;border:1px solid #1f5fad;border-radius:4px;"
    f"color:#1f5fad;text-decoration:none;{_FONT};font-size:14px"
)


def page(title: str, body: Iterable[str], *, url: str | None, why: str) -> str:
    """A whole page of these elements, with a link below them and, small, why it came."""
    blocks = list(body)
    if url:
        link = f'<a href="{escape(url)}" style="{_BUTTON}">Open the page</a>'
        blocks.append(f'<p style="{P}">{link}</p>')
    blocks.append(f'<p class="soft" style="{_SMALL}">{escape(why)}</p>')
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        '<meta name="color-scheme" content="light dark">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head>"
        f'<body><div class="box">{"".join(blocks)}</div></body></html>'
    )
