"""Every figure, computed from history alone: no I/O, no clock, the team's rules as arguments."""
