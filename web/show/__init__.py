"""What pages share: numbers, links, charts, rows and menus."""
