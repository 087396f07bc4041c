"""Reads a small file that somebody names: never a device, never without an end."""

import os
import stat
from pathlib import Path

_KINDS = (
    (stat.S_ISDIR, "it is a folder"),
    (stat.S_ISFIFO, "it is a pipe"),
    (stat.S_ISSOCK, "it is a socket"),
)


class Unreadable(Exception):
    """Why a file cannot be read, as part of a sentence."""


def placed(base: Path, name: str) -> Path:
    """The file of that name: relative ones stand in `base`, `~` is a user's folder.

    A user that is not known stays as written, so that the file is told as one that is not there.
    """
    try:
        return base / Path(name).expanduser()
    except RuntimeError:
        return base / name


def read_small(file: Path, most_bytes: int) -> bytes:
    """What a regular file of at most so many bytes holds.

    A pipe or device is not waited for. Raises FileNotFoundError, else Unreadable.
    """
    try:
        opened = os.open(file, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
    except FileNotFoundError:
        raise
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else None
        raise Unreadable(reason or "its name cannot be one") from None
    try:
        mode = os.fstat(opened).st_mode
        if not stat.S_ISREG(mode):
            raise Unreadable(
                next((what for is_so, what in _KINDS if is_so(mode)), "it is a device")
            )
        with os.fdopen(opened, "rb", closefd=False) as stream:
            content = stream.read(most_bytes + 1)
    except OSError as error:
        raise Unreadable(error.strerror or "it cannot be read") from None
    finally:
        os.close(opened)
    if len(content) > most_bytes:
        raise Unreadable(f"it is larger than {most_bytes // 1024} KB")
    return content
