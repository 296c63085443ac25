import pytest

from core.errors import RefusedError
from people.queries.settings import data_version, day_minutes, organisation_name
from people.queries.units import all_sites, unit_by_name_or_path
from people.services.settings import set_day_minutes, set_organisation_name
from tests.people.files import bring

pytestmark = pytest.mark.usefixtures("database")


def test_settings_have_defaults_until_somebody_decides():
    assert (organisation_name(), day_minutes()) == ("Your organisation", 480)
    before = data_version()

    set_organisation_name("  Meridian   Services ")
    set_day_minutes(450)
    set_day_minutes(456)

    assert (organisation_name(), day_minutes()) == ("Meridian Services", 456)
    assert data_version() == before + 3


@pytest.mark.parametrize("minutes", [0, -1, 1441])
def test_a_day_of_another_length_is_refused(minutes):
    with pytest.raises(RefusedError, match="between 1 and 1440 minutes"):
        set_day_minutes(minutes)


def test_an_organisation_needs_a_name():
    with pytest.raises(RefusedError):
        set_organisation_name("  ")


def test_units_are_found_by_path_or_by_a_name_that_only_one_has(tmp_path):
    bring(
        tmp_path, "employee_number,unit,site\n1,A / Team 4,Oslo\n2,B / Team 4,Bergen\n3,B / Shop,"
    )

    assert unit_by_name_or_path("b / SHOP").path == "B / Shop"
    assert unit_by_name_or_path("shop").path == "B / Shop"
    assert [site.name for site in all_sites()] == ["Bergen", "Oslo"]
    with pytest.raises(RefusedError, match="There is no unit called “Depot”"):
        unit_by_name_or_path("Depot")
    with pytest.raises(RefusedError, match="2 units are called “team 4”"):
        unit_by_name_or_path("team 4")
