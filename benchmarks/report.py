"""The table of ``docs/explanation/performance.md``, between its two markers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

PAGE = Path(__file__).resolve().parents[1] / "docs" / "explanation" / "performance.md"
BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"

#: Claim, result's name, unit, what was to be reached, what bounds it.
ROWS = (
    ("API calls a lead, one at a time", "api_calls_per_lead_single", "", "1", "one /composite"),
    ("API calls a lead, backlog", "api_calls_per_lead_backlog", "", "≤0.011", "200 records a call"),
    ("API calls a lead, plain hook", "api_calls_per_lead_plain", "", "", "lead, then member"),
    (
        "Salesforce time ÷ wall time, 150 ms + 10 ms a record",
        "salesforce_share_10ms",
        "",
        "≥0.95",
        "the commit before each call, and its JSON",
    ),
    (
        "Salesforce time ÷ wall time, 150 ms + 2 ms a record",
        "salesforce_share_2ms",
        "",
        "≥0.90",
        "the same, beside a quarter of the time",
    ),
    ("Against the plain hook, 150 ms + 10 ms", "speedup_10ms", "×", "≥13", "records at Salesforce"),
    ("Against the plain hook, 150 ms + 2 ms", "speedup_2ms", "×", "≥40", "records at Salesforce"),
    ("Backlog, leads a second, 150 ms + 10 ms", "backlog_leads_per_s_10ms", "/s", "", "Salesforce"),
    ("Backlog, leads a second, 150 ms + 2 ms", "backlog_leads_per_s_2ms", "/s", "", "Salesforce"),
    ("Backlog, leads a second, no latency", "backlog_leads_per_s_0ms", "/s", "", "the database"),
    (
        "100 waiting, leads a second, 150 ms + 10 ms",
        "hundred_leads_per_s_10ms",
        "/s",
        "",
        "2 calls",
    ),
    ("Visitor's POST against contrib.forms, median", "post_ratio", "×", "≤0.8", "the commit"),
    ("… with the page that follows", "post_with_page_ratio", "×", "≤1.2", "rendering"),
    ("Queries of the POST", "post_queries_ours", "", "", "form and page, one transaction"),
    ("Queries of contrib.forms' POST", "post_queries_contrib", "", "", ""),
    ("Submit → lead, idle, 300 ms a call, p50", "submit_to_lead_p50_s", "s", "≤1", "broker's poll"),
    ("Submit → lead, idle, 300 ms a call, p95", "submit_to_lead_p95_s", "s", "≤2", "broker's poll"),
    (
        "Processor time of the cluster, 1,000 leads",
        "cpu_s_per_1000",
        "s",
        "",
        "JSON, and writing the rows",
    ),
    ("Peak memory of a worker, backlog", "worker_peak_memory_mb", "MB", "", "Wagtail itself"),
)


def write(results: dict[str, Any]) -> None:
    """Put the figures into the page; the words around them stay."""
    text = PAGE.read_text()
    before, rest = text.split(BEGIN)
    after = rest.split(END)[1]
    PAGE.write_text(f"{before}{BEGIN}\n{_table(results)}\n{END}{after}")


def _table(results: dict[str, Any]) -> str:
    machine = results["machine"]
    versions = ", ".join(
        f"{name} {value}" for name, value in machine.items() if name not in ("cpus", "load")
    )
    lines = [
        f"Measured on {machine['cpus']} processors with a load average of {machine['load']} before "
        f"the start; {versions}. Backlog of "
        f"{results['backlog_count']:,} leads with campaign; plain hook timed on "
        f"{results['plain_count']} leads; one worker on each side.",
        "",
        "| measure | result | to reach | bounded by |",
        "|---|---|---|---|",
    ]
    lines += [
        f"| {claim} | {results[name]}{unit} | {target} | {bound} |"
        for claim, name, unit, target, bound in ROWS
        if name in results
    ]
    return "\n".join(lines)
