"""The ledger of training hours: courses, classification, entries, imports, roll-ups."""
