"""Rebuild static/js/qr-reader.js from the npm package qr 0.7.0 (MIT or Apache-2.0, Paul Miller).

Usage: npm pack qr@0.7.0; tar xzf qr-*.tgz; npm install --no-save esbuild;
python scripts/build_qr_reader.py package
Only its reader is taken: plain JavaScript without WebAssembly, so the page needs no wider policy.
"""

import subprocess
import sys
from pathlib import Path

STATIC = Path(__file__).resolve().parent.parent / "static/js"


def main(package: str) -> None:
    folder = Path(package).resolve()
    words = ["npx", "esbuild", "--bundle", "--minify", "--format=esm", "--target=es2020"]
    words += ["--legal-comments=inline", f"--outfile={STATIC / 'qr-reader.js'}"]
    entry = f'export {{ decodeQR as default }} from "{folder / "decode.js"}";'
    subprocess.run(words, input=entry, text=True, check=True)  # noqa: S603
    licence = (folder / "LICENSE-MIT").read_text()
    (STATIC / "qr-reader.LICENSE.txt").write_text(licence.rstrip() + "\n")


if __name__ == "__main__":
    main(sys.argv[1])
