"""Values and decisions about people; plain Python."""
