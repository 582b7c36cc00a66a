"""Lending: one verb a file, each gathers, decides and records."""
