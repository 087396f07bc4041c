"""The pages, a folder each: its route, its view, its chart, its words."""
