"""Modules and curricula as files and on paper."""
