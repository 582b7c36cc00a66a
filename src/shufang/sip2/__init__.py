"""3M SIP2 codec: bytes to values and back. No Django, no I/O."""
