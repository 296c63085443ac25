"""Pages of aptitude."""
