"""What a team looks back on."""
