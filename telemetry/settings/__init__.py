"""The configuration: `telemetry.yml` and the environment, checked as a whole.

Read first, by every command. `load` gives frozen `Settings` or one ConfigurationError that lists
every problem with its place, value and remedy.
"""

from telemetry.settings.loading import load
from telemetry.settings.models import (
    AlertSettings,
    AuthSettings,
    BotSettings,
    CalendarSettings,
    ChannelSettings,
    DigestSettings,
    ImpedimentSettings,
    JiraSettings,
    PrivacySettings,
    Settings,
    StoreSettings,
    TeamSettings,
)
from telemetry.settings.secret import Secret

__all__ = [
    "AlertSettings",
    "AuthSettings",
    "BotSettings",
    "CalendarSettings",
    "ChannelSettings",
    "DigestSettings",
    "ImpedimentSettings",
    "JiraSettings",
    "PrivacySettings",
    "Secret",
    "Settings",
    "StoreSettings",
    "TeamSettings",
    "load",
]
