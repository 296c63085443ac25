"""What changes frameworks, requests, assessments and duties."""
