"""Use cases that write the ledger."""
