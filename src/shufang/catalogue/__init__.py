"""Titles, items, MARC loading, search."""
