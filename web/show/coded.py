"""Text in which `…` stands for what is written exactly so, as HTML."""

from markupsafe import Markup, escape


def coded(text: str) -> Markup:
    """The text with what stands between backticks set as code; a single backtick stays."""
    parts = text.split("`")
    if len(parts) % 2 == 0:
        return escape(text)
    return Markup("").join(
        Markup("<code>{}</code>").format(part) if n % 2 else escape(part)
        for n, part in enumerate(parts)
    )
