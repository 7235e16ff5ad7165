"""Rebuild static/icons.svg from the npm package lucide-static (ISC).

Usage: npm pack lucide-static; tar xzf lucide-static-*.tgz; python scripts/build_icons.py package
Only shapes are copied; colour and size come from the stylesheet of the page.
"""

import re
import sys
from pathlib import Path

# Our name = Lucide's name, where the two differ; the others stand in icons.txt.
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
    "door": "door-open",
}
NAMES = (Path(__file__).parent / "icons.txt").read_text().split()
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
