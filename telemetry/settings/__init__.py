"""The configuration: `telemetry.yml` and the environment, checked as a whole.

Read first, by every command. `load` gives frozen `Settings` or one ConfigurationError that lists
every problem with its place, value and remedy.
"""

from telemetry.settings.alerting import AdminSettings, AlertSettings, ChannelSettings, QuietHours
from telemetry.settings.calendar import CalendarSettings
from telemetry.settings.loading import load
from telemetry.settings.models import Settings
from telemetry.settings.running import BotSettings, PrivacySettings, StoreSettings
from telemetry.settings.secret import Secret
from telemetry.settings.sites import AuthSettings, JiraSettings
from telemetry.settings.teams import ImpedimentSettings, TeamSettings

__all__ = [
    "AdminSettings",
    "AlertSettings",
    "AuthSettings",
    "BotSettings",
    "CalendarSettings",
    "ChannelSettings",
    "ImpedimentSettings",
    "JiraSettings",
    "PrivacySettings",
    "QuietHours",
    "Secret",
    "Settings",
    "StoreSettings",
    "TeamSettings",
    "load",
]
