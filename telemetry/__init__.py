"""Agile telemetry: what a team expected, what came instead, and why."""

from importlib.metadata import version

__version__ = version("agile-telemetry")
