"""Digests: when each is due, the record that it was, and the sending of it."""
