"""The balance as files: tables for spreadsheets and systems, a report on paper."""
