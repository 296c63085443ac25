"""Questions to the mix of training."""
