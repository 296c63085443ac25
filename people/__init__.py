"""Employees, units, dated assignments, the reporting tree, accounts and who may see whom."""
