"""Schema migrations, run by `telemetry.store.migrate`."""
