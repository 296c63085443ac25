"""Aptitude on paper."""
