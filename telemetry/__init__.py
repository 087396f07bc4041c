"""Agile telemetry: what a team expected, what came instead, and why."""


def __getattr__(name: str) -> str:
    """The version, read from the package's metadata only when it is asked for: that takes time."""
    if name == "__version__":
        from importlib.metadata import version  # noqa: PLC0415

        found = globals()["__version__"] = version("agile-telemetry")
        return found
    raise AttributeError(name)
