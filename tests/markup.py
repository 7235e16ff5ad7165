"""Markup as a browser takes it: however the template was laid out."""

import re


def tight(page: str) -> str:
    """The page with its white space as one space, and none beside or inside a tag's brackets.

    What is compared with it is written without: `<td>Ede</td>`, `<option selected>`.
    """
    page = re.sub(r"\s+", " ", page)
    return re.sub(r" (?=[<>])|(?<=>) ", "", page)
