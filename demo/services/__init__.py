"""What fills the demo: files that come in, and what people teach."""
