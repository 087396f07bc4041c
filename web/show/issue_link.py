"""Links to issues in the tracker, which name them: by their key and their summary."""

from markupsafe import Markup, escape


def issue_link(key: str, summary: str | None, url: str) -> Markup:
    """The key and the summary of an issue as one link; only the key is underlined."""
    named = "" if summary is None else f'<span class="away">:</span> {escape(summary)}'
    return Markup(  # noqa: S704 - escaped
        f'<a class="issue" href="{escape(url)}" rel="noreferrer"><span>{escape(key)}</span>'
        f"{named}</a>"
    )


def key_link(key: str, summary: str | None, url: str) -> Markup:
    """The key of an issue as a link; its summary is told by a pointer and to who does not see."""
    if summary is None:
        link = f'<a href="{escape(url)}" rel="noreferrer">{escape(key)}</a>'
        return Markup(link)  # noqa: S704 - escaped
    name = f"{escape(key)}: {escape(summary)}"
    return Markup(  # noqa: S704 - escaped
        f'<a href="{escape(url)}" rel="noreferrer" title="{escape(summary)}" '
        f'aria-label="{name}">{escape(key)}</a>'
    )
