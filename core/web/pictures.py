"""Pictures we draw ourselves, put into a page as they are."""

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from core.export.charts import trend_svg


def trend_picture(document: Mapping[str, Any]) -> Markup:
    """Return the chart by month as markup.

    It is safe: the chart library writes every text of the description escaped, and the drawing is
    parsed and written again as XML before it comes here.
    """
    return Markup(trend_svg(document, "page"))  # noqa: S704  # drawn and escaped by us, see above
