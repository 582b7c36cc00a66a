"""MARC 21 and CNMARC codec: bytes to records and back. No Django, no I/O beyond a given stream."""
