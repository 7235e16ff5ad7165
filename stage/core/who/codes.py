"""Random codes: public ids in addresses, codes on a login card, codes sent by mail."""

import secrets

# Of every group that is read alike (0O, 1IL, 2Z, 5S, 8B, UV) one sign stays; A and E are left
# out so that no code spells a word.
ALPHABET = "0123456789CDFGHJKMNPQRTVWXY"
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1", "Z": "2", "S": "5", "B": "8", "U": "V"})
LOGIN_CODE_LENGTH = 8


def public_code(length: int = 10) -> str:
    """A random public id: 47 bits at the default length. The caller handles a (rare) collision."""
    # One draw for all signs: a list of thousands of rows asks the system once per row.
    return _signs(secrets.randbelow(len(ALPHABET) ** length), length)


def _signs(number: int, length: int) -> str:
    signs = []
    for _ in range(length):
        number, sign = divmod(number, len(ALPHABET))
        signs.append(ALPHABET[sign])
    return "".join(signs)


def login_code(number: int) -> str:
    """A code to be typed from a card, in groups of four: "K3TN-7WXC" (38 bits).

    `number`: large and unpredictable; the same one gives the same code.
    """
    return group_code(_signs(number, LOGIN_CODE_LENGTH))


def group_code(code: str, size: int = 4) -> str:
    """A code in groups of four, as it is printed, or of another `size`."""
    return "-".join(code[start : start + size] for start in range(0, len(code), size))


def normalise_code(text: str) -> str:
    """A typed code as it is compared: without spaces and hyphens, in capitals, O read as 0.

    What is no code at all comes back as it is, without those signs, and matches nothing.
    """
    return "".join(char for char in text.upper() if char.isalnum()).translate(_READ_AS)


def digits_code(length: int = 8) -> str:
    """Random digits, for a code in a mail; may start with a zero."""
    return "".join(secrets.choice("0123456789") for _ in range(length))
