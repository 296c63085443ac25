"""Use cases that change people, accounts and settings."""
