"""What other apps add to day reports, beside the reports that a page shows."""

from __future__ import annotations

from collections.abc import Iterable

from placements import report_parts


def with_parts(actor, reports: Iterable) -> list:
    """The same reports, each with what other apps' parts say of its day."""
    found = list(reports)
    lines = report_parts.lines_of(actor, {(r.placement_id, r.date) for r in found})
    for report in found:
        report.told_more = lines.get((report.placement_id, report.date), ())
    return found
