"""The one way in which a whole file is refused."""


class ImportRefused(Exception):
    """A file that is not taken at all; the message says why and how to mend it."""

    def __init__(self, message: str):
        super().__init__(message)
        self.message = message


class RowsRefused(Exception):
    """Rows that read well but cannot be written; nothing of the file is.

    `errors`: (index of the row, name of the field, message) each.
    """

    def __init__(self, errors: list[tuple[int, str, str]]):
        super().__init__(f"{len(errors)} rows cannot be written")
        self.errors = errors
