"""What stands on every page of paper."""

import re
from html import unescape

from markupsafe import Markup

_NOT_PLAIN = re.compile(r"[^A-Za-z0-9 ]")


def css_string(title: str) -> Markup:
    """The HTML text as a string of CSS, in which no sign can end it or the element around it."""
    plain = _NOT_PLAIN.sub(lambda sign: f"\\{ord(sign[0]):x} ", unescape(str(title)))
    return Markup('"{}"').format(plain)
