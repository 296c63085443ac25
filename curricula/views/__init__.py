"""Pages of modules and curricula."""
