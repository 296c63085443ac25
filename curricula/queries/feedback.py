"""What people answered about a module, per version and never by name."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from core.db import db
from core.errors import NotFoundError
from curricula.models.modules import Module, ModuleVersion
from curricula.models.outcomes import Feedback, FeedbackRequest
from curricula.rules.feedback import Answer, Given, Summary, question_of, summary
from curricula.rules.words import FeedbackKind, FeedbackRole
from people.queries.opening import reading
from people.rules.opening import Reason

ASKED = (
    (FeedbackKind.REACTION, FeedbackRole.LEARNER, "Right after, by participants"),
    (FeedbackKind.BEHAVIOUR, FeedbackRole.LEARNER, "After two months, by participants"),
    (FeedbackKind.BEHAVIOUR, FeedbackRole.MANAGER, "After two months, by their managers"),
)


@dataclass(frozen=True)
class VersionFeedback:
    """What came of asking about one version: a heading, what was asked, and the summary."""

    number: int
    results: tuple[tuple[str, str, Summary], ...]


@dataclass(frozen=True)
class ModuleFeedback:
    """What came of asking about a module, the newest version first."""

    module_id: int
    code: str
    title: str
    versions: tuple[VersionFeedback, ...]


def feedback_of(module_id: int) -> ModuleFeedback:
    """Return what was answered about a module.

    Raises:
        NotFoundError: There is no such module.
    """
    code = db.session.scalar(select(Module.code).where(Module.id == module_id))
    if code is None:
        raise NotFoundError("There is no such module.")
    versions = db.session.execute(
        select(ModuleVersion.id, ModuleVersion.number, ModuleVersion.title)
        .where(ModuleVersion.module_id == module_id)
        .order_by(ModuleVersion.number.desc())
    ).all()
    ids = [row.id for row in versions]
    asked = {
        (version_id, kind, role): count
        for version_id, kind, role, count in db.session.execute(
            select(
                FeedbackRequest.version_id,
                FeedbackRequest.kind,
                FeedbackRequest.role,
                func.count(),
            )
            .where(FeedbackRequest.version_id.in_(ids))
            .group_by(FeedbackRequest.version_id, FeedbackRequest.kind, FeedbackRequest.role)
        )
    }
    answers = _given(ids)
    return ModuleFeedback(
        module_id,
        code,
        versions[0].title if versions else code,
        tuple(
            VersionFeedback(
                row.number,
                tuple(
                    (
                        heading,
                        question_of(kind, role).rating,
                        summary(
                            asked[row.id, kind, role],
                            answers.get((row.id, kind, role), ()),
                            question_of(kind, role),
                        ),
                    )
                    for kind, role, heading in ASKED
                    if (row.id, kind, role) in asked
                ),
            )
            for row in versions
        ),
    )


@reading(Reason.FEEDBACK_GROUPS)
def _given(
    version_ids: Sequence[int],
) -> dict[tuple[int | None, FeedbackKind, FeedbackRole], list[Given]]:
    """Return the answers in the order in which they came, with who gave each, to group them."""
    rows = db.session.execute(
        select(Feedback, FeedbackRequest.asked_employee_id)
        .join(FeedbackRequest, FeedbackRequest.id == Feedback.request_id)
        .where(Feedback.version_id.in_(version_ids))
        .order_by(Feedback.id)
    )
    found: dict[tuple[int | None, FeedbackKind, FeedbackRole], list[Given]] = {}
    for one, by in rows:
        answer = Answer(one.rating, str(one.answers.get("choice", "")), one.comment or "")
        found.setdefault((one.version_id, one.kind, one.role), []).append(Given(by, answer))
    return found
