"""What changes modules and curricula."""
