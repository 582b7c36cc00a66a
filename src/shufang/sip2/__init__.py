"""The SIP2 codec (3M Standard Interchange Protocol 2.00): bytes ⇄ frozen typed messages. No Django, no I/O.

`requests` and `replies` are the table of messages, `codec` reads and writes them, `trailer` is error detection (AY, AZ),
`framing` finds lines in a stream, `dialects` names the ways in which terminals differ.
"""
