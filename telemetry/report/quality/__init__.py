"""What the tracker's data contradict: read and put into words of the field."""
