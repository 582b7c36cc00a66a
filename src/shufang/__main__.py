"""The one command, `shufang`: Django's management commands and our own behind one name."""

import os
import sys
from collections.abc import Sequence

DEMO_FOLDER = "data/demo"
WRONG_USE = 2
BROKEN_PIPE = 128 + 13  # what a shell tells of a program that SIGPIPE has ended


def main() -> None:
    """Run the command named on the command line; exit with its status. What it makes is for its owner alone."""
    os.umask(0o077)
    if sys.argv[1:2] == ["demo"]:
        _choose_demo_folder(sys.argv[2:])
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shufang.config.settings")
    try:
        try:
            _run(sys.argv)
        finally:
            sys.stdout.flush()
    except BrokenPipeError:  # whoever read our output has enough, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(BROKEN_PIPE)


def _run(arguments: Sequence[str]) -> None:
    from django.core.management import execute_from_command_line

    command = arguments[1] if len(arguments) > 1 else ""
    if command and not {"-h", "--help", "--version"} & set(arguments):
        import django

        django.setup()
        from shufang.config.serving.preconditions import command_problems, command_warnings

        for sentence in command_warnings():
            sys.stderr.write(f"Warning: {sentence}\n")
        problems = command_problems(command)
        if problems:
            sys.stderr.write("\n".join(problems) + "\n")
            sys.exit(WRONG_USE)
    execute_from_command_line(list(arguments))


def _choose_demo_folder(arguments: Sequence[str]) -> None:
    """Let `demo --data DIR` count before the settings are read; without it, and without SHUFANG_DATA, DEMO_FOLDER."""
    for place, argument in enumerate(arguments):
        if argument == "--data" and place + 1 < len(arguments):
            os.environ["SHUFANG_DATA"] = arguments[place + 1]
        elif argument.startswith("--data="):
            os.environ["SHUFANG_DATA"] = argument.removeprefix("--data=")
    os.environ.setdefault("SHUFANG_DATA", DEMO_FOLDER)


if __name__ == "__main__":
    main()
