"""Service aptitude: one ladder from the front line to the chief executive."""
