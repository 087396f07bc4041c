"""What came instead of the plan."""
