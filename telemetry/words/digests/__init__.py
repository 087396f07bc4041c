"""What digests say: of a day, a week, a closed sprint, and of all teams."""
