"""How static files are served: names hold a digest of the content, styles come as one file."""

from __future__ import annotations

import re

from django.core.files.base import ContentFile
from whitenoise.storage import CompressedManifestStaticFilesStorage

STYLES = "css/all.css"
IMPORT = re.compile(r'^@import "([\w.-]+)";\n', re.MULTILINE)
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
INDENT = re.compile(r"\n\s*")


class StaticFiles(CompressedManifestStaticFilesStorage):
    """Hashed names, also inside scripts, so that a browser asks for each file once a year.

    A phone on a bad network pays for every request: the parts of `css/all.css` are put into it.
    """

    support_js_module_import_aggregation = True
    # Ours alone: a file of django-htmx has an import that its package does not hold.
    _js_module_import_aggregation_patterns = (
        "js/*.js",
        CompressedManifestStaticFilesStorage._js_module_import_aggregation_patterns[1],
    )

    def post_process(self, paths, dry_run=False, **options):
        """As Django's; `paths`: name -> (storage, name) of every file that was collected."""
        if not dry_run and STYLES in paths:
            # Out of the source: what an earlier run left in our own folder is joined already.
            joined = joined_styles(lambda name: _text(*paths[name]), STYLES)
            self.delete(STYLES)
            self._save(STYLES, ContentFile(joined.encode()))
            paths = {**paths, STYLES: (self, STYLES)}
        yield from super().post_process(paths, dry_run, **options)


def _text(storage, name: str) -> str:
    with storage.open(name) as file:
        return file.read().decode()


def joined_styles(read, name: str) -> str:
    """The text of a style sheet with its imports, all of the same folder, in their place.

    `read`: name -> text. Comments and indents are left out.
    """
    folder = name.rpartition("/")[0]
    text = IMPORT.sub(lambda found: read(f"{folder}/{found[1]}"), read(name))
    return INDENT.sub("\n", COMMENT.sub("", text)).strip() + "\n"
