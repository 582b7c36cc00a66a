"""MARC 21 and CNMARC codec: bytes to records and back. No Django, no I/O beyond a given stream.

`reading.read_records` turns a stream into `Record` and `Broken` values, `writing` turns records into bytes again.
"""
