"""Use cases of the planner."""
