"""The `telemetry` command: global options, and every sub-command by entry point.

Sub-commands register themselves in the entry-point group `telemetry.commands`: each names a
function `register(app: typer.Typer)`.
"""

import signal
import sys
from importlib.metadata import entry_points
from pathlib import Path
from typing import Annotated

import typer

import telemetry
from telemetry.context import Context
from telemetry.ending import Stopped, leave_if_told
from telemetry.errors import TelemetryError

app = typer.Typer(
    name="telemetry",
    help="What a team expected, what came instead, and why: every day, from Jira.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,  # plain help: rich alone would take as long as all the rest
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

DEFAULT_CONFIG = Path("telemetry.yml")


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"telemetry {telemetry.__version__}")
        raise typer.Exit


@app.callback()
def _options(
    ctx: typer.Context,
    config: Annotated[
        Path | None,
        typer.Option(
            "-c",
            "--config",
            envvar="TELEMETRY_CONFIG",
            help="The configuration file.",
            show_default=str(DEFAULT_CONFIG),
        ),
    ] = None,
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Print the version."
        ),
    ] = False,
) -> None:
    if config is None and DEFAULT_CONFIG.exists():
        config = DEFAULT_CONFIG
    ctx.obj = Context(config)


for _point in sorted(entry_points(group="telemetry.commands"), key=lambda point: point.name):
    _point.load()(app)


def _end(*_: object) -> None:
    """Leave as after Ctrl-C, so that what is open is closed."""
    raise SystemExit(128 + signal.SIGTERM)


def main() -> None:
    """Run the command line; a failure is one clear sentence on stderr and its exit code."""
    signal.signal(signal.SIGTERM, _end)
    try:
        app()
    except TelemetryError as error:
        from telemetry.secrecy import harmless  # noqa: PLC0415 (only who fails pays)

        sys.stderr.write(f"{harmless(str(error))}\n")
        raise SystemExit(error.exit_code) from None
    except (KeyboardInterrupt, Stopped):
        raise SystemExit(130) from None
    except Exception as error:
        from telemetry.logs import trace_of  # noqa: PLC0415 (only who fails pays)

        sys.stderr.write(f"an error that nobody foresaw:\n{trace_of(error)}\n")
        raise SystemExit(1) from None
    finally:
        leave_if_told()
