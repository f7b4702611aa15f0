"""What was found out about a unit, attempt by attempt, and what that allows next."""
