"""The run as one HTML page that needs nothing else: no script, no network."""

from __future__ import annotations

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from assistant.models import Reason, Status
from evals import calibration
from evals.comparison import Comparison
from evals.names import PART_NAMES, kind_of, style_of
from evals.run import Run
from evals.statistics import Estimate
from evals.summary import GROUPINGS, faults, grouped, summary, worst

_REASONS = {
    Reason.OUT_OF_SCOPE: "不属于本业务",
    Reason.JURISDICTION_NOT_COVERED: "没有收录该地方",
    Reason.NO_PROVISION: "没有规定",
    Reason.PERSONAL_DATA: "个人信息",
    Reason.UNCLEAR: "问题不清楚",
}
_STATUSES = {Status.ANSWERED: "作答", Status.REFUSED: "拒答", None: "出错"}


def page(run: Run, comparison: Comparison | None = None, worst_count: int = 20) -> str:
    """The page: figures, what changed, how sure the answers are, and the worst of each part."""
    environment = Environment(
        loader=PackageLoader("evals"),
        autoescape=select_autoescape(),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"percent": _percent, "bounds": _bounds, "number": _number}
    return environment.get_template("report.html").render(
        run=run,
        whole=summary("合计", run.results),
        tables={name: list(grouped(run.results, by)) for name, by in GROUPINGS.items()},
        comparison=comparison,
        calibration=_calibration(run),
        worst={
            name: worst((r for r in run.results if r.part == part), worst_count)
            for part, name in PART_NAMES.items()
        },
        faults=faults,
        kind_of=kind_of,
        style_of=style_of,
        statuses=_STATUSES,
        reasons=_REASONS,
    )


def _calibration(run: Run) -> dict[str, object] | None:
    """The curves, where the answers say how sure they are."""
    pairs = [
        (result.reply.confidence, result.scores.correct)
        for result in run.results
        if result.reply.confidence is not None
    ]
    if not pairs:
        return None
    return {
        "count": len(pairs),
        "error": calibration.expected_calibration_error(pairs),
        "area": calibration.area_under_risk(pairs),
        # Numbers and our own words only: nothing that was typed gets in here.
        "reliability": Markup(calibration.reliability_svg(pairs)),
        "risk": Markup(calibration.risk_coverage_svg(pairs)),
    }


def _percent(value: Estimate | float | None) -> str:
    if isinstance(value, Estimate):
        value = value.value
    return "—" if value is None else f"{value:.1%}"


def _bounds(value: Estimate | None) -> str:
    return "" if value is None else f"{value.low:.1%}–{value.high:.1%}"


def _number(value: Estimate | float | None) -> str:
    if isinstance(value, Estimate):
        value = value.value
    return "—" if value is None else f"{value:.0f}"
