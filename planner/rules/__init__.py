"""Values and decisions about the mix of training; plain Python and numpy."""
