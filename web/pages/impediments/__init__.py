"""What came instead, and why."""
