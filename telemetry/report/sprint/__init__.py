"""The parts of which reports of a sprint are made."""
