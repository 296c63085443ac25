"""Values and decisions about training hours; plain Python and numpy."""
