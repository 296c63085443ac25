"""What a column of an hours file may mean, in words."""

FIELD_LABELS = {
    "employee_number": "Employee number",
    "email": "E-mail address",
    "course": "Course",
    "course_code": "Course code",
    "category": "Category",
    "date": "Day",
    "hours": "Length in hours",
    "minutes": "Length in minutes",
    "days": "Length in days",
    "duration": "Length, any form",
    "status": "Status",
    "delivery": "Delivery",
    "cost": "Cost",
    "external_id": "Id in the other system",
}

FIELD_CHOICES = [("", "Not used"), *FIELD_LABELS.items()]
"""The stored word and the one people read."""
