"""Lets ``python -m softpower`` run the command."""

from softpower.cli import main

if __name__ == "__main__":
    main()
