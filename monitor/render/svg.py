"""Charts for pages: one inline SVG, of the same blocks as the bars in mails, without script or style of its own."""

from __future__ import annotations

from html import escape

from monitor.types.digests import Chart

_WIDTH, _HEIGHT, _GAP, _LEAST = 640, 96, 2, 2


def chart_svg(chart: Chart) -> str:
    """Return the bars of a chart as an ``svg`` element that says in words what it shows; no bars, no element.

    Bars have the class ``past`` or, in the tested window, ``now``; the page's style colours them. All text is escaped.
    """
    if not chart.bars:
        return ""
    most = max(1.0, *(bar.value for bar in chart.bars))
    step = _WIDTH / len(chart.bars)
    first = len(chart.bars) - chart.recent
    bars = []
    for place, bar in enumerate(chart.bars):
        height = max(_LEAST, _HEIGHT * max(0.0, bar.value) / most)
        label = f"{bar.label}: {bar.value:g}" if bar.label else f"{bar.value:g}"
        bars.append(
            f'<rect class="{"now" if place >= first else "past"}" x="{place * step:.1f}" y="{_HEIGHT - height:.1f}" '
            f'width="{max(1.0, step - _GAP):.1f}" height="{height:.1f}"><title>{escape(label)}</title></rect>'
        )
    said = escape(f"{chart.title}. {chart.note}")
    return (
        f'<svg class="chart" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{said}" '
        f'preserveAspectRatio="none">{"".join(bars)}</svg>'
    )
