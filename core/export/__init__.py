"""Files for people: tables as CSV and XLSX, charts as SVG, documents as PDF."""
