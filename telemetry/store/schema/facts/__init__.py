"""Facts: what follows from history, keyed by team. Written by `telemetry.facts` alone."""
