"""Reports: the facts that answer one question, shared by pages, API, messages and exports."""
