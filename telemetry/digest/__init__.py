"""Digests: made from a team's reports, printed by the command and given by the API."""
