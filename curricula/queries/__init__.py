"""Questions about modules, curricula and what they hold."""
