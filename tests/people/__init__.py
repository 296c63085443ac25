"""Tests of people: the tree, moves, files, accounts and who sees whom."""
