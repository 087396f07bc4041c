"""The web application: pages and JSON over the reports."""
