"""The hard/soft mix: balance, targets, gap, published reports."""
