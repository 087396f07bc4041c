"""What a command stands on: the configuration it was given and the store it names."""

import os
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from telemetry.settings import Settings


class Context:
    """The configuration file of a command, read when first asked for."""

    def __init__(self, path: Path | None, environ: Mapping[str, str] | None = None) -> None:
        self.path = path
        self.environ = dict(os.environ if environ is None else environ)

    @cached_property
    def settings(self) -> "Settings":
        """The checked configuration. Raises ConfigurationError naming every error."""
        from telemetry.settings import load

        return load(self.path, self.environ)

    @property
    def folder(self) -> Path:
        """The folder that relative paths of the configuration stand in."""
        return self.path.resolve().parent if self.path else Path.cwd()

    @cached_property
    def engine(self) -> "Engine":
        """The store, opened and migrated to the newest schema. Raises StoreError."""
        from telemetry.store.engine import open_store
        from telemetry.store.migrate import upgrade

        engine = open_store(self.settings.store_url(self.environ), base=self.folder)
        upgrade(engine)
        return engine
