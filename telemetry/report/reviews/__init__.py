"""What a team looks back on: a sprint as it was known at its close, or a week."""
