"""Questions about aptitude."""
