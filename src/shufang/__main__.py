"""The one command, `shufang`: Django's management commands and our own behind one name."""

import os
import sys
from collections.abc import Sequence

DEMO_FOLDER = "data/demo"


def main() -> None:
    """Run the command named on the command line; exit with its status."""
    if sys.argv[1:2] == ["demo"]:
        _choose_demo_folder(sys.argv[2:])
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shufang.config.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


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
