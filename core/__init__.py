"""What every feature leans on: database, clock, errors, words, files, web and export helpers."""
