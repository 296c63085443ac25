"""A few stories across features, told in a real browser."""
