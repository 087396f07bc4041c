"""Pseudonyms: authors are stored only as keyed hashes, with a key that is not in the store."""

import hmac
import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from telemetry.errors import ConfigurationError
from telemetry.settings import Settings

KEY_CHARACTERS = 16


def privacy_key(settings: Settings, environ: Mapping[str, str]) -> bytes:
    """The key of the pseudonyms, from `privacy.key`.

    With a SQLite store a key file that is absent is made, for its owner's eyes only; with
    PostgreSQL, where several machines must share one key, it is an error.
    Raises ConfigurationError when there is no key or it is too short to protect anybody.
    """
    secret = settings.privacy.key
    file = secret.file(settings.base)
    if file is not None and not file.exists() and settings.is_sqlite(environ):
        _make(file)
    if file is not None and not file.exists():
        raise ConfigurationError(
            f"privacy.key: the file {file} does not exist. With PostgreSQL every machine needs "
            "the same key: make one with python -c 'import secrets; print(secrets.token_hex(32))' "
            "and put it into that file on each of them."
        )
    key = secret.resolve(environ, settings.base, "privacy.key", is_line=False).reveal()
    if len(key) < KEY_CHARACTERS:
        raise ConfigurationError(
            f"privacy.key: {secret.reference} holds {len(key)} characters, too few to protect "
            f"anybody; give at least {KEY_CHARACTERS}, better 64."
        )
    return key.encode()


class Pseudonyms:
    """Turns an account into 16 hexadecimal characters: the same for the same key, else unlike."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._known: dict[str, str] = {}

    def __call__(self, account: str) -> str:
        known = self._known.get(account)
        if known is None:
            known = hmac.digest(self._key, account.encode(), "sha256").hex()[:16]
            self._known[account] = known
        return known

    def __repr__(self) -> str:
        return f"<Pseudonyms of {len(self._known)} accounts>"


def _make(file: Path) -> None:
    """Write a new key so that of two processes that start at once both read the same one."""
    mine = file.with_name(f"{file.name}.{os.getpid()}.{secrets.token_hex(4)}")
    try:
        with os.fdopen(os.open(mine, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as opened:
            opened.write(secrets.token_hex(32) + "\n")
        try:
            os.link(mine, file)
        except FileExistsError:
            pass
        finally:
            mine.unlink()
    except OSError as error:
        raise ConfigurationError(
            f"privacy.key: the file {file} cannot be made ({error.strerror}); "
            "make its folder writable, or give another file."
        ) from None
