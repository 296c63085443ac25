"""What the tables of the planner hold about people."""

from people.rules.holdings import KEEP, SCRUB, Held

PLANNER = (
    Held(
        "mix_target",
        "The soft share a unit and level aims at",
        "to show how far it is to the target",
        none=("id", "unit_id", "level", "definition", "percent", "from_on", "recorded_at"),
        personal={"account_id": KEEP, "why": SCRUB},
        of_account=("account_id",),
    ),
    Held(
        "published_report",
        "A balance frozen with its figures; it names nobody, so its digest never changes",
        "to open unchanged what was signed",
        none=("id", "title", "period_label", "content", "sha256", "published_at", "unit_id"),
        personal={"account_id": KEEP},
        of_account=("account_id",),
    ),
)
