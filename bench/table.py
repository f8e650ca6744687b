"""The table: what was measured, beside what, and the targets."""

from __future__ import annotations

import math
import statistics
from dataclasses import dataclass, field
from typing import Literal

Bound = Literal["at least", "at most"]


@dataclass
class Row:
    """One line of the table. With `theirs` the bar applies to the ratio ours / theirs, round by round; else to ours."""

    what: str
    beside: str
    ours: list[float]
    theirs: list[float]
    unit: str
    bound: Bound
    bar: float
    stretch: float

    def judged(self) -> list[float]:
        """The values to which the bar applies."""
        if not self.theirs:
            return counted(self.ours)
        # If both are 0, the ratio is 1.
        sides = zip(self.ours, self.theirs, strict=True)
        return counted([1.0 if ours == theirs else ours / theirs for ours, theirs in sides])

    def verdict(self) -> str:
        judged = self.judged()
        if not judged:
            return "not measured"
        value = statistics.median(judged)
        sign = 1 if self.bound == "at least" else -1
        if sign * value >= sign * self.stretch:
            return "stretch"
        return "met" if sign * value >= sign * self.bar else "**missed**"

    def cells(self) -> list[str]:
        unit = "x" if self.theirs else f" {self.unit}".rstrip()
        sign = "≥" if self.bound == "at least" else "≤"
        ratio = with_spread(self.judged(), "x") if self.theirs else ""
        ours, theirs = with_unit(self.ours, self.unit), with_unit(self.theirs, self.unit)
        bars = [f"{sign} {shown(bound)}{unit}" for bound in (self.bar, self.stretch)]
        return [self.what, self.beside, ours, theirs, ratio, *bars, self.verdict()]


@dataclass
class Record:
    """A figure without a bar."""

    what: str
    value: str


@dataclass
class Report:
    """The results of all parts."""

    rows: list[Row] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)
    # The output of the micro-benchmarks.
    appendix: str = ""

    def markdown(self) -> str:
        lines = [cells("what", "beside", "ours", "theirs", "ratio", "bar", "stretch", "reached"), cells(*["---"] * 8)]
        lines += [cells(*row.cells()) for row in self.rows]
        if self.records:
            lines += ["", "For the record:", "", cells("what", "figure"), cells("---", "---")]
            lines += [cells(record.what, record.value) for record in self.records]
        if self.appendix:
            lines += ["", "```", self.appendix.strip(), "```"]
        return "\n".join(lines) + "\n"


def cells(*texts: str) -> str:
    return "| " + " | ".join(texts) + " |"


def counted(values: list[float]) -> list[float]:
    return [value for value in values if not math.isnan(value)]


def shown(value: float) -> str:
    """Three digits, or all before the decimal point."""
    if abs(value) >= 100 or value == int(value):
        return f"{value:,.0f}"
    return f"{value:.3g}"


def with_spread(values: list[float], unit: str) -> str:
    """The median, the least and the most."""
    if not values:
        return "–"
    middle = f"{shown(statistics.median(values))}{unit}"
    return middle if len(values) == 1 else f"{middle} ({shown(min(values))}..{shown(max(values))})"


def with_unit(values: list[float], unit: str) -> str:
    return with_spread(counted(values), f" {unit}" if unit else "") if values else ""


def percentile(values: list[float], share: float) -> float:
    """The value that this share of the values does not exceed; NaN without values."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, math.ceil(share * len(ordered)) - 1)] if ordered else math.nan
