"""The rules that watch a team, what becomes of what they find, and what that was worth; pure."""
