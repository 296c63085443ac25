"""Tables of aptitude: frameworks, assessments, duties and scenarios."""
