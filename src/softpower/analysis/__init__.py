"""What a score owes to the choices behind it: functions of a profile or a result."""
