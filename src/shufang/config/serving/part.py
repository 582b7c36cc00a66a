"""One child of `shufang serve`: `python -m shufang.config.serving.part web 7`, `… sip2 HOST PORT [TLS_PORT]`, `… jobs`.

A child that loses its parent ends too (Linux tells it), so that no half server is left behind.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1  # prctl(2)


def main(arguments: list[str]) -> None:
    """Run the named part until it is told to stop."""
    os.umask(0o077)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shufang.config.settings")
    import django

    django.setup()
    part, *rest = arguments
    if part == "web":
        from shufang.config.serving import web

        web.run(int(rest[0]))
    elif part == "jobs":
        from shufang.config.serving import schedule

        schedule.run()
    else:
        from django.core.management import execute_from_command_line

        flags = ("--host", "--port", "--tls-port")
        named = [word for pair in zip(flags, rest, strict=False) for word in pair]
        execute_from_command_line(["shufang", part, *named])


if __name__ == "__main__":
    main(sys.argv[1:])
