"""Garbage that is looked for as seldom as in a test run it is worth it.

Python looks for circles of garbage whenever 700 more objects were made than let go, and time and
again through all that there is. A run of the tests holds a million objects from its beginning to
its end, pages and stores come and go by the hundred thousand: a sixth of its time.
"""

import gc

MADE = 20_000  # objects more than let go, before a look


def collect_nothing() -> None:
    """Look for no garbage while tests are found: what is made stays."""
    gc.disable()


def collect_seldom() -> None:
    """Look for garbage again, at times, and only among what is made from now on."""
    gc.freeze()
    gc.set_threshold(MADE, 20, 10)
    gc.enable()
