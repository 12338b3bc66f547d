"""Runs the command by ``python -m softpower.cli``."""

from softpower.cli import main

if __name__ == "__main__":
    main()
