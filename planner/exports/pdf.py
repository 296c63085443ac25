"""The balance on paper."""


def balance_pdf(document, published=None):
    """Stub until written."""
    raise NotImplementedError
