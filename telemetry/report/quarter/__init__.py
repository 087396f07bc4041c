"""Quarters and programs as pages, API and messages ask for them."""
