"""Charts of the report, by plotly, each as a ``<div>``; the library itself is put in once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import plotly.graph_objects as go
from plotly.offline import get_plotlyjs
from plotly.subplots import make_subplots

from .runs import Record
from .suite import SERVED

ACCENT, GREY, INK = "#c2410c", "#94a3b8", "#64748b"
MARKS = {  # the systems that the served one is compared with: colour and symbol
    "hybrid": ("#0f766e", "diamond"),
    "bm25": ("#1d4ed8", "circle"),
    "vector": ("#7c3aed", "square"),
    "jieba-bm25 sentences": ("#475569", "triangle-up"),
    "jieba-bm25 chunks": ("#94a3b8", "triangle-down"),
    "tfidf": ("#a16207", "x"),
}
NAMES = {
    "keyword": "关键词 keyword",
    "paraphrase": "改述 paraphrase",
    "number": "数字 number",
    "responsibility": "责任 responsibility",
    "prohibition": "禁止 prohibition",
    "other_script": "繁简 other script",
    "damaged": "错字 damaged",
    "english": "英文 english",
    "precedent": "先例 precedent",
    "colloquial": "口语 colloquial",
}


def library() -> str:
    """Return plotly's script for one ``<script>`` element."""
    return str(get_plotlyjs())


def _div(figure: go.Figure, *, height: int) -> str:
    figure.update_layout(
        height=height,
        margin={"l": 8, "r": 16, "t": 12, "b": 40},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        font={"family": "system-ui, 'Noto Sans CJK SC', sans-serif", "color": INK, "size": 13},
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
        hoverlabel={"align": "left"},
    )
    grid = {"gridcolor": "rgba(148,163,184,.25)", "zerolinecolor": "rgba(148,163,184,.4)"}
    figure.update_xaxes(**grid, automargin=True)
    figure.update_yaxes(**grid, automargin=True)
    html = figure.to_html(
        full_html=False,
        include_plotlyjs=False,
        config={"displayModeBar": False, "responsive": True},
        div_id=None,
    )
    return str(html)


def categories(record: Record, measures: Sequence[str] = ("S@1", "S@5")) -> str:
    """Bars of the served results by category with their intervals, the other systems as marks."""
    served = record.figures["systems"][SERVED]["category"]
    first = measures[0]
    order = sorted(served, key=lambda name: served[name][first]["value"])
    labels = [f"{NAMES.get(name, name)} · {served[name][first]['n']}" for name in order]
    figure = make_subplots(1, len(measures), shared_yaxes=True, horizontal_spacing=0.03)
    for column, measure in enumerate(measures, 1):
        figure.add_bar(
            y=labels,
            x=[served[name][measure]["value"] for name in order],
            orientation="h",
            name=SERVED,
            marker_color=ACCENT,
            opacity=0.5,
            error_x=_errors([served[name][measure] for name in order]),
            showlegend=column == 1,
            legendgroup=SERVED,
            row=1,
            col=column,
        )
        for system in (name for name in MARKS if name in record.figures["systems"]):
            found = record.figures["systems"][system]["category"]
            values = [found[name][measure]["value"] for name in order]
            _marks(figure, system, labels, values, column=column)
        figure.update_xaxes(range=[0, 1.04], tickformat=".0%", title=measure, row=1, col=column)
    return _div(figure, height=110 + 38 * len(order))


def _marks(
    figure: go.Figure, system: str, labels: Sequence[str], values: Sequence[float], *, column: int
) -> None:
    colour, symbol = MARKS[system]
    figure.add_scatter(
        y=labels,
        x=values,
        mode="markers",
        name=system,
        marker={
            "color": colour,
            "symbol": symbol,
            "size": 9,
            "line": {"color": "#fff", "width": 1},
        },
        showlegend=column == 1,
        legendgroup=system,
        row=1,
        col=column,
    )


def _errors(found: Sequence[Mapping[str, float]]) -> dict[str, Any]:
    return {
        "type": "data",
        "symmetric": False,
        "array": [each["high"] - each["value"] for each in found],
        "arrayminus": [each["value"] - each["low"] for each in found],
        "color": INK,
        "thickness": 1.2,
        "width": 4,
    }


def systems(record: Record, order: Sequence[str], measures: Sequence[str]) -> str:
    """All systems on a few measures with intervals."""
    figure = go.Figure()
    for system in order:
        overall = record.figures["systems"][system]["overall"]
        found = [overall[measure] for measure in measures if measure in overall]
        colour = ACCENT if system == SERVED else MARKS.get(system, (GREY, ""))[0]
        figure.add_bar(
            x=[measure for measure in measures if measure in overall],
            y=[each["value"] for each in found],
            name=system,
            marker_color=colour,
            error_y=_errors(found),
        )
    figure.update_layout(barmode="group", bargap=0.25)
    figure.update_yaxes(range=[0, 1.02], tickformat=".0%")
    return _div(figure, height=380)


def calibration(record: Record) -> str:
    """Stated confidence against how often the first hit answered; "" where none is stated."""
    found = record.figures["systems"][SERVED]["confidence"]
    if not found:
        return ""
    curve = found["curve"]
    figure = go.Figure()
    figure.add_scatter(
        x=[0, 1], y=[0, 1], mode="lines", name="理想 ideal", line={"color": GREY, "dash": "dot"}
    )
    figure.add_scatter(
        x=[point["stated"] for point in curve],
        y=[point["true"] for point in curve],
        mode="lines+markers+text",
        name="实际 observed",
        text=[str(point["questions"]) for point in curve],
        textposition="top center",
        line={"color": ACCENT},
        marker={"size": [8 + 1.5 * point["questions"] ** 0.5 for point in curve]},
    )
    figure.update_xaxes(range=[-0.02, 1.04], title="confidence 所报置信度")
    figure.update_yaxes(range=[-0.02, 1.1], title="首条答对 first hit answers")
    return _div(figure, height=380)


def trend(history: Sequence[Mapping[str, Any]]) -> str:
    """Headline figures over the last index versions; "" with fewer than two."""
    if len(history) < 2:
        return ""
    last = history[-20:]
    x = [f"{row['created'][5:16].replace('T', ' ')}<br>{row['index_version'][:6]}" for row in last]
    figure = go.Figure()
    colours = [ACCENT, "#0f766e", "#1d4ed8", "#7c3aed", "#475569", "#a16207", GREY]
    names = dict.fromkeys(name for row in last for name in row["figures"])
    for colour, name in zip(colours, names, strict=False):
        figure.add_scatter(
            x=x,
            y=[row["figures"].get(name) for row in last],
            mode="lines+markers",
            name=name,
            line={"color": colour},
        )
    figure.update_yaxes(range=[0, 1.02])
    figure.update_xaxes(type="category")
    return _div(figure, height=360)
