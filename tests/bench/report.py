"""The outcome as Markdown: each number beside its floor and its aim."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.bench.pages import Measured

HEAD = "| page | p50 ms | p95 ms | statements p95 | template p95 | ratio | queries | bytes | gzip |"


@dataclass
class Report:
    """Everything measured in one run."""

    inserts: float  # a second, by pgbench
    pages: list[Measured] = field(default_factory=list)
    check_ins: dict[str, float] = field(default_factory=dict)
    agreement: dict[str, float] = field(default_factory=dict)
    imports: dict[str, tuple[float, float]] = field(default_factory=dict)
    web_memory: float = 0.0
    worker_memory: float = 0.0

    def markdown(self) -> str:
        """Two tables."""
        return "\n".join([*self._facts(), "", *self._pages()])

    def _facts(self) -> list[str]:
        bare, product = self.check_ins["bare"], self.check_ins["product"]
        page, alone = self.agreement["page"], self.agreement["weasyprint"]
        rows = [
            ("one-row insert, pgbench", f"{self.inserts:.0f} /s", "", "floor"),
            ("bare view: session and insert", f"{bare:.0f} /s", "", "floor"),
            ("check-in", f"{product:.0f} /s", f"{product / bare:.2f} of the bare view", "≥ 0.50"),
            ("bare WeasyPrint", f"{alone:.0f} ms", "", "floor"),
            ("agreement as PDF", f"{page:.0f} ms", f"{page / alone:.2f} × WeasyPrint", ""),
            *(
                (f"import of 5,000, {what}", f"{a:.1f} + {b:.1f} s", f"{a + b:.1f} s", "< 10 s")
                for what, (a, b) in self.imports.items()
            ),
            ("web process, most", f"{self.web_memory:.0f} MB", "", "< 200 MB"),
            ("worker process, most", f"{self.worker_memory:.0f} MB", "", ""),
        ]
        lines = ["| what | measured | compared | aim |", "|---|---|---|---|"]
        return lines + [f"| {' | '.join(row)} |" for row in rows]

    def _pages(self) -> list[str]:
        lines = [HEAD, "|---|" + "---:|" * 8]
        for p in self.pages:
            numbers = [p.p50, p.p95, p.sql95, p.template95]
            cells = [p.name, *(f"{n:.1f}" for n in numbers), f"{p.ratio:.2f}", str(p.queries)]
            lines.append(f"| {' | '.join([*cells, f'{p.raw:,}', f'{p.compressed:,}'])} |")
        return lines
