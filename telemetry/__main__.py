"""Where the command `telemetry` starts."""

import gc


def main() -> None:
    """Load the command line while the garbage collector, which would find nothing, rests."""
    gc.disable()
    from telemetry.cli import main as run  # noqa: PLC0415 (this is what takes the time)

    gc.freeze()
    gc.enable()
    run()


if __name__ == "__main__":
    main()
