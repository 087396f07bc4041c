"""The block of a Jira: where it is and how to sign in."""

from typing import Annotated, Literal

from pydantic import Field

from telemetry.settings.block import Block, Text
from telemetry.settings.jira_url import JiraUrl
from telemetry.settings.secret import Secret


class AuthSettings(Block):
    """How to sign in to Jira."""

    kind: Annotated[
        Literal["token", "basic", "pat"],
        Field(
            description="`token`: an API token of Jira Cloud; `pat`: a personal access token, "
            "`basic`: a password, both of Data Center"
        ),
    ] = "token"
    user: Annotated[Text | None, Field(description="needed by all kinds but `pat`")] = None
    secret: Annotated[Secret, Field(description="the token or password, as env:NAME or file:PATH")]


class JiraSettings(Block):
    """One Jira. With several, `jira` is a mapping of names to such blocks."""

    url: Annotated[JiraUrl, Field(description="its address, as in the browser")]
    deployment: Annotated[
        Literal["auto", "cloud", "datacenter"], Field(description="`auto` asks Jira")
    ] = "auto"
    auth: AuthSettings
    webhook_secret: Annotated[
        Secret | None, Field(description="with it, Jira's webhooks are listened to (see below)")
    ] = None
