"""How often Python's garbage collector looks, while much is made that has no cycles."""

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_changing, _usual = threading.Lock(), list[tuple[int, int, int]]()  # of what runs within


@contextmanager
def rare_collections() -> Iterator[None]:
    """Let it look rarely: a pull or an export makes millions of values, and few cycles."""
    with _changing:
        _usual.append(gc.get_threshold())
        gc.set_threshold(100_000, 50, 1_000)
    try:
        yield
    finally:
        with _changing:
            if len(_usual) == 1:
                gc.set_threshold(*_usual[0])
            del _usual[-1]
