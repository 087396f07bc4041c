"""A sprint as it was known, beside what is known now."""
