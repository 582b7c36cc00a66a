"""Charges, deposits, payments."""
