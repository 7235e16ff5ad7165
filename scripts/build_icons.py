"""Rebuild static/icons.svg from the npm package lucide-static (ISC).

Usage: npm pack lucide-static; tar xzf lucide-static-*.tgz; python scripts/build_icons.py package
Only shapes are copied; colour and size come from the stylesheet of the page.
"""

import re
import sys
from pathlib import Path

# Our name = Lucide's name, where the two differ.
ALIASES = {
    "home": "house",
    "alert-triangle": "triangle-alert",
    "alert-circle": "circle-alert",
    "check-circle": "circle-check",
    "x-circle": "circle-x",
    "help": "circle-question-mark",
    "edit": "pencil",
    "filter": "list-filter",
    "grid": "layout-grid",
    "more": "ellipsis",
    "undo": "undo-2",
    "refresh": "refresh-cw",
    "grip": "grip-vertical",
    "qr-scan": "scan-qr-code",
    "trash": "trash-2",
    "sort": "chevrons-up-down",
    "columns": "columns-3",
    "swap": "arrow-left-right",
    "wand": "wand-sparkles",
    "offline": "wifi-off",
    "mood-bad": "frown",
    "mood-ok": "meh",
    "mood-good": "smile",
    "mood-great": "laugh",
    "speech": "volume-2",
    "mic": "mic",
    "door": "door-open",
}
NAMES = """
archive arrow-down arrow-left arrow-right arrow-up award ban banknote bell book-open bookmark
briefcase building calendar calendar-check calendar-x camera chart-column check chevron-down
chevron-left chevron-right chevron-up circle circle-dashed circle-dot clipboard-check clipboard-list
clock cloud-upload coins copy download euro external-link eye eye-off factory file-text files flag
folder globe graduation-cap handshake heart history hourglass id-card image inbox info key
layout-dashboard lightbulb link list loader-circle lock log-out mail map map-pin megaphone menu
message-square minus monitor moon package pause pen phone play plus printer qr-code rotate-ccw route
save scale scan search send settings shield shield-alert signature siren smartphone square-check star
stethoscope sun table tag target thermometer timer unlock upload user user-check user-plus user-x
users video wrench x zap
""".split()
SHAPE = re.compile(r"<(path|circle|rect|line|polyline|polygon|ellipse)\b[^>]*/>")
ATTRIBUTES = (
    'viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" '
    'stroke-linecap="round" stroke-linejoin="round"'
)


def symbol(name: str, file: Path) -> str:
    """One icon as a <symbol>. Raises FileNotFoundError for a name Lucide does not have."""
    shapes = "".join(match.group(0) for match in SHAPE.finditer(file.read_text()))
    return f'<symbol id="{name}" {ATTRIBUTES}>{shapes}</symbol>'


def main(package: str) -> None:
    folder = Path(package) / "icons"
    wanted = {name: name for name in NAMES} | ALIASES
    symbols = [symbol(name, folder / f"{wanted[name]}.svg") for name in sorted(wanted)]
    head = (
        "<!-- Lucide icons, ISC licence, see icons.LICENSE.txt; made by scripts/build_icons.py -->"
    )
    body = "\n".join(symbols)
    target = Path(__file__).resolve().parent.parent / "static" / "icons.svg"
    target.write_text(f'<svg xmlns="http://www.w3.org/2000/svg">{head}\n{body}\n</svg>\n')


if __name__ == "__main__":
    main(sys.argv[1])
