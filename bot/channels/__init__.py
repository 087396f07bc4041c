"""Channels: a message as each service takes it, and the sending of it."""
