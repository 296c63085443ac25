"""What stands in an answer, whatever its form, and what of it may differ between two answers."""

import io
import re
import zipfile
from functools import lru_cache

from pypdf import PdfReader
from werkzeug.test import TestResponse

CHANGING = (
    re.compile(r'nonce="[^"]*"'),
    re.compile(r"'nonce-[^']*'"),
    re.compile(r'(?<=name="csrf_token" )[^>]*'),
    re.compile(r'(?<=name="submission" )[^>]*'),
    re.compile(r'<meta name="csrf-token"[^>]*>'),
)
UNTOLD_HEADERS = {"date", "set-cookie", "content-length"}


def text_of(answer: TestResponse) -> str:
    """Return all that can be read in an answer: headers, and the body unpacked."""
    kind = answer.mimetype
    body = answer.get_data()
    if kind == "application/pdf" and body:
        text = words_on_paper(body)
    elif body[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            text = "\n".join(packed.read(name).decode("utf-8", "replace") for name in
                             packed.namelist())  # fmt: skip
    else:
        text = body.decode("utf-8", "replace")
    heads = "\n".join(f"{name}: {value}" for name, value in answer.headers.items())
    return f"{heads}\n{text}".casefold()


@lru_cache(maxsize=256)
def words_on_paper(body: bytes) -> str:
    """Return the text of a PDF; many people are handed the same."""
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(body)).pages)


def told(answer: TestResponse, *echoed: object) -> tuple[object, ...]:
    """Return an answer without what changes from one to the next, and without what was asked."""
    body = answer.get_data().decode("utf-8", "replace")
    heads = {k: v for k, v in answer.headers.items() if k.casefold() not in UNTOLD_HEADERS}
    texts = [body, *map(str, sorted(heads.items()))]
    for text in range(len(texts)):
        for pattern in CHANGING:
            texts[text] = pattern.sub("", texts[text])
        for one in echoed:
            texts[text] = texts[text].replace(str(one), "…")
    return (answer.status_code, *texts)
