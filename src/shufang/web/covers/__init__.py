"""Drawn covers: title, author and class in, one SVG out."""
