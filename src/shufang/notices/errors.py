"""How handing over a message may fail."""


class ChannelDownError(Exception):
    """The server cannot be reached or does not let us in: no message was tried, all keep waiting."""


class RefusedForNowError(Exception):
    """The server did not take this message and may take it later."""


class RefusedError(Exception):
    """The server will never take this message (no such address)."""


class InDoubtError(Exception):
    """The line broke after the message was begun: nobody can know whether the server took it."""
