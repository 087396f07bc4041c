"""Velocity, of the last closed sprints."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class VelocityRow:
    id: int
    name: str
    committed_points: float
    completed_points: float
    working_days: int
    impediment_seconds: int | None


@dataclass(frozen=True, slots=True)
class Velocity:
    velocity_points_per_day: float | None
    average_completion_percent: float | None
    average_impediment_seconds: float | None
    sprints: tuple[VelocityRow, ...]  # the last N closed, newest first
    impediments_unknown: str | None = None
