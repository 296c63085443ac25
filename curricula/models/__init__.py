"""Tables of the curricula: modules, curricula, sessions, and what came of them."""
