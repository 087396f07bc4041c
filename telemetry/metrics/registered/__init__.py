"""The figures by name, a module a subject; `telemetry.metrics.registry` finds them."""
