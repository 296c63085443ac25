"""The demo organisation: a believable company, generated from a seed."""
