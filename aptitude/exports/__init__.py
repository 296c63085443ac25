"""Tables of aptitude as files."""
