"""Secrets as references: where a secret stands, never the secret itself."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

from telemetry.errors import ConfigurationError
from telemetry.secrecy import Hidden, know
from telemetry.settings.files import Unreadable, placed, read_small
from telemetry.settings.values import wrong

MOST_BYTES = 64 * 1024
REFERENCE = re.compile(r"env:[A-Za-z_][A-Za-z0-9_]*|file:\S.*")


@dataclass(frozen=True, slots=True)
class Secret:
    """A reference `env:NAME` or `file:PATH`, read only when the secret is needed."""

    reference: str

    def resolve(
        self,
        environ: Mapping[str, str],
        base: Path,
        name: str = "secret",
        *,
        is_line: bool = True,
    ) -> Hidden:
        """The secret, hidden; from then on no log shows it."""
        text = self.read(environ, base, name, is_line=is_line)
        know(text)
        return Hidden(text)

    def read(
        self,
        environ: Mapping[str, str],
        base: Path,
        name: str = "secret",
        *,
        is_line: bool = True,
    ) -> str:
        """The text, without the line end that editors add; `name` is the key that holds it.

        It must be a line where `is_line`, as what goes into a head of a request. Relative files
        are relative to `base`. Raises ConfigurationError naming what is missing.
        """
        file = self.file(base)
        if file is None:
            variable = self.reference.removeprefix("env:")
            if not environ.get(variable, "").strip():
                raise ConfigurationError(
                    f"{name}: the environment variable {variable} is not set; set it to the secret."
                )
            where = f"{name}: the environment variable {variable}"
            return _alone(environ[variable].strip("\r\n"), where, is_line)
        try:
            value = read_small(file, MOST_BYTES).decode("utf-8-sig").strip()
        except (Unreadable, FileNotFoundError, UnicodeDecodeError) as error:
            missing = "No such file or directory" if isinstance(error, FileNotFoundError) else ""
            reason = missing or (str(error) if isinstance(error, Unreadable) else "not text")
            raise ConfigurationError(
                f"{name}: the file {file} cannot be read ({reason}); put the secret into it."
            ) from None
        if not value:
            raise ConfigurationError(f"{name}: the file {file} is empty; put the secret into it.")
        return _alone(value, f"{name}: the file {file}", is_line)

    def file(self, base: Path) -> Path | None:
        """The file that holds the secret, None when a variable does."""
        if not self.reference.startswith("file:"):
            return None
        return placed(base, self.reference.removeprefix("file:"))

    @classmethod
    def of(cls, value: Any) -> "Secret":
        """The reference in a configuration value; the error does not repeat the value."""
        if isinstance(value, cls):
            return value
        if isinstance(value, str) and REFERENCE.fullmatch(value):
            return cls(value)
        raise wrong(
            "holds a secret in clear (not shown here); write env:NAME and set that environment "
            "variable, or file:PATH and put it into that file"
        )

    @classmethod
    def __get_pydantic_core_schema__(
        cls, _source: Any, _handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(cls.of)


def _alone(value: str, where: str, is_line: bool) -> str:
    if is_line and any(unicodedata.category(one) in ("Cc", "Cs") for one in value):
        raise ConfigurationError(
            f"{where} holds more than one line, or signs that are no text; put the secret alone "
            "into it."
        )
    return value
