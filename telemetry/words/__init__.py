"""What is said of reports: sentences as values, which pages, messages and the terminal write."""
