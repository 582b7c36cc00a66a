"""The one command, `shufang`: Django's management commands and our own behind one name."""

import os
import sys


def main() -> None:
    """Run the command named on the command line; exit with its status."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shufang.config.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
