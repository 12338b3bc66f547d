"""The ``softpower`` command, which Ctrl-C ends quietly from its first moment on.

It stands beside the package, for whatever is within begins by importing all of it.
"""

import os
import signal
import sys

STOPPED = 128 + signal.SIGINT
"""The exit code of what Ctrl-C has stopped."""


def main() -> None:
    """Import the command and run it."""
    usual = signal.getsignal(signal.SIGINT) is signal.default_int_handler
    if usual:
        # Nothing is begun yet, and an exception within an import may be taken for one of its own.
        signal.signal(signal.SIGINT, lambda *_: os._exit(STOPPED))
    from softpower.cli import main as run

    try:
        if usual:
            signal.signal(signal.SIGINT, signal.default_int_handler)
        run()
    except KeyboardInterrupt:
        sys.exit(STOPPED)
    finally:
        if usual:
            # All is said and written; what is left is to end.
            signal.signal(signal.SIGINT, signal.SIG_IGN)
