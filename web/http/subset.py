"""Cuts a variable Inter to what our pages write, as WOFF2 on standard output.

`python -m web.http.subset FONT`; a process of its own, because it takes two seconds and 50 MB.
"""

import os
import sys
from io import BytesIO
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

# Latin, the European languages beyond it, and the signs that our pages write
CHARACTERS = (
    "U+0000-017F,U+018F,U+0192,U+01CD-01DC,U+01E6-01E7,U+01EA-01EB,U+01F4-01F5,U+01FA-021B,U+0259,"
    "U+02BB-02BC,U+02C6,U+02DA,U+02DC,U+0300-0304,U+0306-030C,U+0327-0329,U+1E80-1E85,U+1E9E,"
    "U+1EF2-1EF3,U+2000-206F,U+20A0-20C0,U+2122,U+2190-2193,U+2212,U+2215,U+2248,U+2260,"
    "U+2264-2265,U+25A0,U+25B2-25B3,U+25BD,U+25C7,U+25CB,U+25CF,U+FEFF,U+FFFD"
)
FEATURES = ["ccmp", "kern", "locl", "mark", "mkmk", "tnum"]
AXES = {"opsz": 14, "wght": (400, 700)}  # text size at every size; no other weight is asked for
NAMES = [0, 1, 2, 3, 4, 5, 6, 7, 13, 14]  # with copyright and licence, as the licence wants


def cut(font: Path) -> bytes:
    """The font as WOFF2, with what the constants of this module name."""
    options = subset.Options(
        layout_features=FEATURES, name_IDs=NAMES, hinting=False, notdef_outline=True
    )
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=subset.parse_unicodes(CHARACTERS))
    packed = BytesIO()
    # no time of making: what is made twice is the same
    with TTFont(font, lazy=True, recalcTimestamp=False) as whole:
        subsetter.subset(whole)
        instancer.instantiateVariableFont(whole, AXES, inplace=True)
        whole.flavor = "woff2"
        whole.save(packed)
    return packed.getvalue()


if __name__ == "__main__":
    if hasattr(os, "nice"):
        os.nice(10)  # whoever asks for a page comes first
    sys.stdout.buffer.write(cut(Path(sys.argv[1])))
