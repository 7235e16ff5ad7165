"""How people's names are joined, split, sorted and searched.

The database sorts by code point and knows no accents, so names carry a key made here. It is the
one derivation that is stored.
"""

import re
import unicodedata

# Letters that decomposition leaves whole.
_WHOLE_LETTERS = str.maketrans(
    {
        "ł": "l",
        "ø": "o",
        "ð": "d",
        "đ": "d",
        "ħ": "h",
        "ŧ": "t",
        "ŋ": "n",
        "ı": "i",
        "ə": "e",
        "þ": "th",
        "æ": "ae",
        "œ": "oe",
        "ß": "ss",
    }
)
# As they stand in a sort key, where "B.V." has become "b v".
_LEGAL_FORMS = re.compile(
    r"\b(b ?v|n ?v|v ?o ?f|c ?v|u ?a|b ?a|stichting|vereniging|eenmanszaak|maatschap"
    r"|vennootschap onder firma|cooperatie)\b"
)
_SIGNS = re.compile(r"[\W_]+")
_APOSTROPHES = str.maketrans({"’": "'", "‘": "'", "`": "'", "´": "'", "ʼ": "'"})

# Words of the Dutch table of prefixes that stand before a surname. Joined prefixes ("van de",
# "in 't") are runs of these words.
# fmt: off
INFIX_WORDS = frozenset([
    "'s", "'t", "aan", "af", "al", "auf", "ben", "bij", "bin", "d'", "da", "dal", "de",
    "degli", "dei", "del", "della", "den", "der", "des", "di", "die", "do", "don", "dos",
    "du", "el", "het", "im", "in", "l'", "la", "las", "le", "les", "lo", "los", "of", "onder",
    "op", "over", "s'", "te", "ten", "ter", "toe", "tot", "uijt", "uit", "van", "ver", "vom",
    "von", "voor", "vor", "zu", "zum", "zur",
])
# fmt: on


def sort_key(text: str) -> str:
    """The text as it is sorted: lower case, without marks, apostrophes and double spaces."""
    if text.isascii():  # most names by far, and nothing to decompose
        plain = text.lower().replace("`", "'")
    else:
        folded = unicodedata.normalize("NFKD", text.translate(_APOSTROPHES)).casefold()
        folded = unicodedata.normalize("NFKD", folded.translate(_WHOLE_LETTERS))
        plain = "".join(char for char in folded if not unicodedata.combining(char))
    return _SIGNS.sub(" ", plain.replace("'", "")).strip()


def search_key(*parts: str) -> str:
    """What a search looks in: the parts that are there, each as `sort_key`, in the order given."""
    return " ".join(key for key in (sort_key(part or "") for part in parts) if key)


def trade_key(text: str) -> str:
    """A company's name as two lists are compared: "&" is "en", the legal form says nothing.

    "Jansen & Zn. B.V." is "jansen en zn". A name that is nothing but a legal form stays as it is.
    """
    whole = sort_key(text.replace("&", " en ").replace("+", " en "))
    return " ".join(_LEGAL_FORMS.sub(" ", whole).split()) or whole


def person_sort_key(first: str, infix: str, last: str) -> str:
    """Surname, then tussenvoegsel, then first name: Jan de Vries stands under the V."""
    return search_key(last, infix, first)


def full_name(first: str, infix: str, last: str) -> str:
    """The name as it is said; a missing part (a school may withhold the surname) leaves no gap."""
    return " ".join(part.strip() for part in (first, infix, last) if part and part.strip())


def initials(first: str, infix: str, last: str) -> str:
    """One letter of the first name and one of the surname, in capitals; IJ counts as one letter."""
    return "".join(_first_letter(part) for part in (first, last))


def _first_letter(name: str) -> str:
    name = (name or "").strip()
    if name[:2] in ("IJ", "Ij"):
        return "IJ"
    return next((char.upper() for char in name if char.isalpha()), "")


def split_name(name: str) -> tuple[str, str, str]:
    """First name, tussenvoegsel and surname of a name written in one cell.

    Knows "Jan de Vries", "Vries, Jan de", "de Vries, Jan" and "Vries, de, Jan". Without a
    tussenvoegsel the last word is the surname. A single word is a first name.
    """
    name = " ".join(name.translate(_APOSTROPHES).split())
    if "," in name:
        return _split_reversed([part.strip() for part in name.split(",")])
    words = name.split(" ") if name else []
    if len(words) < 2:
        return name, "", ""
    start, end = _infix_run(words, first=1)
    if _surname_start(words) < start:
        start = end = _surname_start(words)
    return " ".join(words[:start]), _lower_infix(words[start:end]), " ".join(words[end:])


def _surname_start(words: list[str]) -> int:
    """Where a surname without prefix starts: the last word, or "Bos-van" in "Bos-van Dam"."""
    for index, word in enumerate(words[1:-1], start=1):
        before, hyphen, tail = word.rpartition("-")
        if before and hyphen and _is_infix(tail):
            return index
    return len(words) - 1


def _split_reversed(parts: list[str]) -> tuple[str, str, str]:
    """The same for a name that starts with the surname and has commas."""
    last, *rest = parts
    rest = [part for part in rest if part]
    if len(rest) > 1:
        return rest[-1], _lower_infix(" ".join(rest[:-1]).split()), last
    first_words = rest[0].split() if rest else []
    start = _trailing_infixes(first_words)
    first_words, infix = first_words[:start], first_words[start:]
    last_words = last.split()
    if not infix:
        start, end = _infix_run(last_words, first=0)
        if start == 0:
            infix, last_words = last_words[:end], last_words[end:]
    if not infix:
        start = _trailing_infixes(last_words)
        last_words, infix = last_words[:start], last_words[start:]
    return " ".join(first_words), _lower_infix(infix), " ".join(last_words)


def _trailing_infixes(words: list[str]) -> int:
    """Where the prefix words at the end begin; the first word is never one of them."""
    start = len(words)
    while start > 1 and _is_infix(words[start - 1]):
        start -= 1
    return start


def _is_infix(word: str) -> bool:
    return word.casefold() in INFIX_WORDS


def _infix_run(words: list[str], first: int) -> tuple[int, int]:
    """Where the first run of prefix words starts and ends; it never takes the last word."""
    for start in range(first, len(words) - 1):
        if _is_infix(words[start]):
            end = start
            while end < len(words) - 1 and _is_infix(words[end]):
                end += 1
            return start, end
    return len(words), len(words)


def _lower_infix(words: list[str]) -> str:
    return " ".join(word.casefold() for word in words)
