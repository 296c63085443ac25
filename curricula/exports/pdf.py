"""Guide and handout as PDF. What makes them is loaded when the first one is asked for."""

from core.errors import RefusedError
from curricula.rules.contents import ModuleDraft


def guide_pdf(
    draft: ModuleDraft, version_line: str, organisation: str, categories: dict[str, str]
) -> bytes:
    """Return everything a trainer needs to teach a module.

    Args:
        draft: The module.
        version_line: Which version, such as "version 2, published 4 May 2026".
        organisation: Whose it is.
        categories: The names of categories by code.
    """
    from core.export import pdf  # noqa: PLC0415  # heavy: imported when used
    from curricula.exports.handouts import Guide  # noqa: PLC0415  # heavy: imported when used

    return pdf.build(
        Guide(draft, categories).story(),
        title=f"{draft.code} {draft.title}",
        subject="Trainer guide",
        author=organisation,
        footer=f"Trainer guide, {draft.code}, {version_line}",
        head=organisation,
    )


def handout_pdf(draft: ModuleDraft, version_line: str, organisation: str) -> bytes:
    """Return the handout on exactly one page of A4.

    Raises:
        RefusedError: There is no handout, or it is too long for a page at a readable size.
    """
    from core.export import pdf  # noqa: PLC0415  # heavy: imported when used
    from curricula.exports.handouts import fitting_handout  # noqa: PLC0415  # heavy: when used

    if not draft.handout.strip():
        raise RefusedError("This version has no handout. Write one first.", field="handout")
    flow = fitting_handout(draft)
    if flow is None:
        raise RefusedError(
            "The handout is longer than one page. Shorten it to about 380 words.", field="handout"
        )
    return pdf.build(
        flow,
        title=draft.title,
        subject="Handout",
        author=organisation,
        footer=f"{draft.code}, {version_line}",
        head=organisation,
    )
