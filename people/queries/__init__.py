"""Questions about people, units, accounts and settings."""
