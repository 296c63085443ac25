"""Tests of service aptitude."""
