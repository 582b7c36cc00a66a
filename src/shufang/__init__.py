"""Shufang runs a network of 24-hour city studies: lending, joint cards, catalogue, and the machines of the night."""

__version__ = "0.1.0"
