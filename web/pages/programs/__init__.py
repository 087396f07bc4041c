"""The pages of programs: all of a quarter, and each."""
