"""From how many people on a figure may be shown."""

from planner.rules.suppression import too_few


def test_a_total_of_few_people_is_hidden_but_contact_hours_are_not_about_people():
    assert too_few(4)
    assert not too_few(5)
    assert not too_few(0)
    assert not too_few(None)
