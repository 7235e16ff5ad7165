"""Rebuild static/fonts from the npm package @fontsource-variable/atkinson-hyperlegible-next (OFL).

Usage: npm pack @fontsource-variable/atkinson-hyperlegible-next; tar xzf *.tgz;
       .venv/bin/python scripts/build_fonts.py package
Only the weights the styles use are kept (400 to 700), and no hints: every byte of the first file
stands between a phone on a bad network and its page.
"""

import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

TARGET = Path(__file__).resolve().parent.parent / "static" / "fonts"
WEIGHTS = (400, 700)
FILES = {
    "latin-wght-normal": "latin-normal",
    "latin-ext-wght-normal": "latin-ext-normal",
    "latin-wght-italic": "latin-italic",
}


def smaller(source: Path, target: Path) -> None:
    """Write the font with fewer weights and without what a browser does not read."""
    options = subset.Options()
    options.hinting = False
    options.layout_features = ["*"]
    options.notdef_outline = True
    options.flavor = "woff2"
    font = TTFont(source)
    instancer.instantiateVariableFont(font, {"wght": WEIGHTS}, inplace=True)
    # Through a file: the tables that were narrowed are read anew by the subsetter.
    font.flavor = None
    part = target.with_suffix(".part")
    font.save(part)
    font = subset.load_font(part, options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=font.getBestCmap())
    subsetter.subset(font)
    subset.save_font(font, target, options)
    part.unlink()


def main(package: str) -> None:
    for name, ours in FILES.items():
        source = Path(package) / "files" / f"atkinson-hyperlegible-next-{name}.woff2"
        target = TARGET / f"atkinson-hyperlegible-next-{ours}.woff2"
        smaller(source, target)
        sys.stdout.write(f"{target.name}: {source.stat().st_size} -> {target.stat().st_size}\n")


if __name__ == "__main__":
    main(sys.argv[1])
