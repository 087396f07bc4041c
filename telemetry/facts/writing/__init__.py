"""Facts computed and written: one module for each kind."""
