"""The SQL of the hot path, through Django's cursor: what lending must know, and what it writes. One statement each way
on PostgreSQL (after the locks), one to gather and four to record on SQLite.
"""
