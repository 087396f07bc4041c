"""Alerts: rules over a team's facts, their life, when they are told, and the sending of it."""
