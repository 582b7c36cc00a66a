"""The SIP2 server: sockets, sessions, one handler a message. `server.serve` runs it."""
