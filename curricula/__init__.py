"""Modules worth teaching, the curricula made of them, and the sessions in which they are taught."""
