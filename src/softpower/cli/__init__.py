"""The ``softpower`` command: says, calls, prints."""

from softpower.cli.exits import FOUND
from softpower.cli.running import main

__all__ = ["FOUND", "main"]
