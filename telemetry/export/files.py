"""Tables written where a person wants them: whole or not at all."""

import os
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from telemetry.errors import ConfigurationError, StoreError
from telemetry.export.formats import FORMATS
from telemetry.export.tables import Table


def write(tables: Sequence[Table], file: Path) -> Iterator[tuple[Path, int]]:
    """Write the tables in the format of the file's ending; yields each file with its rows.

    Raises ConfigurationError for an ending that is none, or a folder that is not there.
    """
    ending = file.suffix.removeprefix(".").lower()
    found = FORMATS.get(ending)
    if found is None:
        raise ConfigurationError(
            f"{file} ends in none of {', '.join(f'.{name}' for name in sorted(FORMATS))}"
        )
    if not file.parent.is_dir():
        raise ConfigurationError(f"there is no folder {file.parent} to write {file.name} in")
    if found.many is not None:
        _replace(file, found.many(tables))
        yield file, sum(len(table.rows) for table in tables)
    elif found.one is not None:
        for table in tables:
            name = f"{file.stem}-{table.name.replace(' ', '-')}{file.suffix}"
            target = file if len(tables) == 1 else file.with_name(name)
            _replace(target, found.one(table))
            yield target, len(table.rows)


def _replace(file: Path, body: bytes) -> None:
    """Put a whole file in the place of another."""
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
