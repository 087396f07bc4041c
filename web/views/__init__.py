"""What templates show, prepared from reports: bars with their places, rows, links; pure."""
