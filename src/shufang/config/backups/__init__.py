"""Backups: made while everything runs, read back before they count, restored whole or not at all."""
