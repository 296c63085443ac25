"""Tests: one folder per feature, `architecture` about the code base, `journeys` in a browser."""
