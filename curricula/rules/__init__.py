"""What decides about modules, curricula, sessions and attendance, without a database."""
