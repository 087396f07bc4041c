"""Tables written where a person wants them: whole or not at all."""

import os
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from telemetry.errors import ConfigurationError, StoreError
from telemetry.export.formats import FORMATS
from telemetry.export.tables import Table


def write(tables: Sequence[Table], file: Path, form: str) -> Iterator[tuple[Path, int]]:
    """Write the tables in this format; yields each file with its rows.

    Raises ConfigurationError for a format that is none, or a folder that is not there.
    """
    found = FORMATS.get(form)
    if found is None:
        known = ", ".join(f".{name}" for name in sorted(FORMATS))
        said = (
            f"{file} ends in" if file.suffix.lower() == f".{form}" or not form else f"{form!r} is"
        )
        raise ConfigurationError(f"{said} none of {known}")
    if found.many is not None:
        replace(file, found.many(tables))
        yield file, sum(len(table.rows) for table in tables)
    elif found.one is not None:
        for table in tables:
            name = f"{file.stem}-{table.name.replace(' ', '-')}{file.suffix}"
            target = file if len(tables) == 1 else file.with_name(name)
            replace(target, found.one(table))
            yield target, len(table.rows)


def replace(file: Path, body: bytes) -> None:
    """Put a whole file in the place of another. Raises ConfigurationError for no such folder."""
    if not file.parent.is_dir():
        raise ConfigurationError(f"there is no folder {file.parent} to write {file.name} in")
    try:
        descriptor, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
        try:
            with os.fdopen(descriptor, "wb") as out:
                out.write(body)
            os.replace(name, file)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise StoreError(f"{file} can't be written: {error.strerror}") from None
