"""Of anybody, in any story and any order: what is kept and shown is what the log makes of it."""

from datetime import UTC, date, datetime, timedelta
from operator import itemgetter

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from aptitude.queries.profiles import aptitude_page
from aptitude.rules.sources import Source
from aptitude.services.standings import rebuild_standings
from core.clock import at
from people.rules.access import OPERATOR
from tests.aptitude.happenings import Happenings, Told, kept, noon
from tests.aptitude.worlds import company, rate
from tests.databases import emptied_after

ABOVE, BESIDE = ("LEAD", "DIR"), ("E4", "E5", "E6", "OTHER")
ONESELF = "self"
DUE, HEARD = date(2026, 3, 15), date(2026, 3, 20)
NOT_OF_ORDER = ("level", "overall", "overall_error", "raters", "dimensions", "profile")
SCORE = st.one_of(st.none(), st.integers(2, 10).map(lambda half: half / 2))
SCORES = st.lists(SCORE, min_size=7, max_size=7).filter(any)
SAID = st.tuples(st.sampled_from([*ABOVE, *BESIDE, ONESELF]), SCORES)


@settings(max_examples=3, suppress_health_check=list(HealthCheck))
@given(
    seed=st.integers(0, 1_000_000),
    who=st.sampled_from(["E1", "E3", "LEAD", "OTHER"]),
    count=st.integers(4, 7),
)
def test_replaying_and_rebuilding_change_nothing_of_a_story(shared_databases, seed, who, count):
    """Each evening's page and standing come again from the log cut off there.

    What is kept in the transactions of what happens is what `flask aptitude rebuild` makes anew of
    the whole log, level and all.
    """
    with emptied_after(shared_databases("sqlite")) as (app, folder):
        world = Happenings(folder, seed, who)
        told = Told(world)
        evening = told.live(world.all_of_them()[:count])
        told.assert_replayed(evening)
        with at(noon(evening)):
            rebuilt = app.test_cli_runner().invoke(args=["aptitude", "rebuild"])
        assert rebuilt.output == "1 person worked out anew.\n"
        assert kept(world.subject) == told.standings[evening]
        told.assert_replayed(evening)


@settings(max_examples=4, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
@given(said=st.lists(SAID, min_size=5, max_size=7, unique_by=itemgetter(0)), data=st.data())
def test_no_order_of_arrival_changes_a_standing(shared_databases, said, data):
    """Three people hear the same, each in another order; all of it was asked for by one day."""
    with emptied_after(shared_databases("sqlite")) as (_, folder):
        people = company(folder)
        heard = ("E1", "E2", "E3")
        for subject in heard:
            for number, (who, scores) in enumerate(data.draw(st.permutations(said))):
                on = date(2026, 3, 1) + timedelta(days=number)
                source = {ONESELF: Source.SELF}.get(who)
                source = source or (Source.MANAGER if who in ABOVE else Source.PEER)
                rater = people[subject if who == ONESELF else who]
                rate(people[subject], rater, source, scores, on=on, due_on=DUE)

        with at(datetime(2026, 3, 20, 12, tzinfo=UTC)):
            assert rebuild_standings() == 3
            standings = [kept(people[one]) for one in heard]
            pages = [aptitude_page(people[one], OPERATOR, HEARD) for one in heard]
        assert len({str([one[name] for name in NOT_OF_ORDER]) for one in standings}) == 1
        assert len({(page.level_words, page.overall, page.lines) for page in pages}) == 1
