"""The one way in which a whole file is refused."""


class ImportRefused(Exception):
    """A file that is not taken at all; the message says why and how to mend it."""

    def __init__(self, message: str):
        super().__init__(message)
        self.message = message
