"""Aptitude on paper and in tables."""
