"""How files of rows are read: plain text tables and workbooks, checked before they are believed."""
