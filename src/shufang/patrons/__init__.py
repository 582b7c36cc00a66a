"""People and cards."""
