"""What the tables of anchor workshops hold about people: who was asked, and what they said."""

from people.rules.holdings import KEEP, Held, Realm

WITH_THE_WORKSHOP = "until the workshop has been closed for the retention period of assessments"

WORKSHOPS = (
    Held(
        "anchor_workshop",
        "That judges are asked to sort the anchors of the framework",
        "to find which anchors want other words",
        none=(
            "id",
            "title",
            "state",
            "framework_number",
            "of_draft",
            "level",
            "due_on",
            "made_at",
            "closed_at",
        ),
        personal={"account_id": KEEP},
        of_account=("account_id",),
        label="title",
        kept=WITH_THE_WORKSHOP,
    ),
    Held(
        "workshop_dimension",
        "A dimension judges may choose, as it was called on that day",
        "to sort by it",
        none=("workshop_id", "position", "code", "name", "definition"),
        kept=WITH_THE_WORKSHOP,
    ),
    Held(
        "workshop_anchor",
        "An anchor as it was worded on that day",
        "to judge it",
        none=("id", "workshop_id", "dimension_code", "level", "score", "behaviour"),
        label="behaviour",
        kept=WITH_THE_WORKSHOP,
    ),
    Held(
        "workshop_judge",
        "A judge of an anchor workshop",
        "to ask them",
        none=("workshop_id", "invited_at"),
        personal={"account_id": KEEP, "finished_at": KEEP},
        of_account=("account_id",),
        kept=WITH_THE_WORKSHOP,
    ),
    Held(
        "workshop_answer",
        "Where a judge puts an anchor, and how effective they find it",
        "to see which anchors want other words; shown from five judges on, never by name",
        none=("anchor_id", "answered_at"),
        personal={"account_id": KEEP, "sorted_into": KEEP, "effectiveness": KEEP},
        of_account=("account_id",),
        kept=WITH_THE_WORKSHOP,
        closed_with=Realm.RATERS,
    ),
)
