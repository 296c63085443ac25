"""What the demo organisation is: people, courses and hours, made from a seed in plain Python."""
