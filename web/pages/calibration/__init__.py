"""The pages of what forecasts came to."""
