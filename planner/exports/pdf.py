"""The balance as a PDF report. What makes it is loaded when the first one is asked for."""

from planner.exports.terms import Balance, scope_words, source_line

MOST_PAGES = 3


def balance_pdf(document: Balance, published: Balance | None = None) -> bytes:
    """Return a balance as a report of one to three pages.

    The same document gives the same bytes. Long tables are cut so that it stays short, and say so.

    Args:
        document: The balance.
        published: When and by whom it was frozen and its digest (`published_at`, `published_by`,
            `sha256`), or None for one that is not published.
    """
    from core.export import pdf  # noqa: PLC0415  # heavy: imported when used
    from planner.exports import paper  # noqa: PLC0415  # heavy: imported when used

    title = f"Balance, {scope_words(document)}, {document['period_label']}"
    made = b""
    for room in paper.ROOMS:
        made = pdf.build(
            paper.Paper(document, published, room).story(),
            title=title,
            subject=document["title"],
            author=document["organisation"],
            footer=paper.footer_of(document, published),
            head=source_line(document),
        )
        if pdf.pages_of(made) <= MOST_PAGES:
            break
    return made
