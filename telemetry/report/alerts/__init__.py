"""What the alert rules look at, and what stands of the alerts in the store."""
