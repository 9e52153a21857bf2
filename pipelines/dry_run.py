"""What `newsfold ingest --dry-run` shows: every input, what it holds, and what stands in the way."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict

from pipelines.query import escaped
from transforms.sources.plan import InputReport, describe


def describe_inputs(paths: Sequence[str], mapping: Mapping[str, str], as_json: bool) -> str:
    """Return a report on every input; nothing is written.

    Raises:
        UsageError: an input does not exist, or the mapping names no field of ours.
    """
    reports = list(describe(paths, mapping))
    if as_json:
        return json.dumps([asdict(report) for report in reports], ensure_ascii=False)
    lines = [line for report in reports for line in _lines(report)]
    return "\n".join([*lines, _total(reports)])


def _lines(report: InputReport) -> list[str]:
    kind = " ".join(filter(None, (report.format or "refused", report.compression, report.charset)))
    lines = [f"{escaped(report.uri)}: {kind}, {_records(report)}, {report.bytes:,} bytes"]
    if report.columns:
        named = ", ".join(f"{column} → {field}" for column, field in report.columns)
        lines.append(f"    columns: {escaped(named)}")
    return lines + [f"    problem: {escaped(problem)}" for problem in report.problems]


def _records(report: InputReport) -> str:
    if report.records is None:
        return "records known when read"
    return f"{'' if report.exact else 'about '}{report.records:,} records"


def _total(reports: Sequence[InputReport]) -> str:
    records = sum(report.records or 0 for report in reports)
    problems = sum(bool(report.problems) for report in reports)
    # Of feeds nobody knows before they are read.
    exact = all(report.exact and report.records is not None for report in reports)
    count = f"{records:,} records" if exact else f"at least or about {records:,} records"
    return f"{len(reports):,} files, {count}, {problems:,} with problems; nothing was written"
