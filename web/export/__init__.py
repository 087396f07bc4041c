"""Pages as files that need no server: a folder of them, one alone, or on paper."""
