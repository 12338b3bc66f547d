"""What to question about a score before it is cited: checks, each with its number, its threshold and what to do."""
