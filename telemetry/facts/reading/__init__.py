"""What a computation of facts needs, read from history."""
