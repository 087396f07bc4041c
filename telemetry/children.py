"""What other programs that we start know of our environment: nothing that could be a secret."""

from collections.abc import Mapping
from typing import Final

# what programs, Python and fonts are found by; a value of any other name may be a secret
_TOLD: Final = frozenset(
    {
        "FONTCONFIG_FILE",
        "FONTCONFIG_PATH",
        "HOME",
        "LANG",
        "LC_ALL",
        "LC_CTYPE",
        "LD_LIBRARY_PATH",
        "PATH",
        "PYTHONHOME",
        "PYTHONPATH",
        "SYSTEMROOT",
        "TEMP",
        "TMP",
        "TMPDIR",
    }
)


def told(environ: Mapping[str, str]) -> dict[str, str]:
    """The part of the environment that a program which needs no secret is started with."""
    return {name: value for name, value in environ.items() if name.upper() in _TOLD}
