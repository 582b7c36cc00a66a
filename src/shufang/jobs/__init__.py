"""Scheduled work: notices, expiries, erasures, popularity."""
