"""Issuing, replacing and closing cards."""
