"""The exit codes of the command, beside 0, 1 for a fault and 2 for a wrong call."""

STOPPED = 128 + 2
"""What Ctrl-C has stopped."""
FOUND = 3
"""An audit found something grave."""
UNREAD = 1
"""Nobody reads what is printed, as after ``| head -1``, or it has no room."""
