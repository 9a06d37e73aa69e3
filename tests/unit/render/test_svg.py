import xml.etree.ElementTree as ET

from monitor.render.svg import chart_svg
from monitor.types.digests import Bar, Chart


def test_each_bar_is_drawn_to_scale_and_the_tested_window_is_marked():
    chart = Chart("tides", "4 papers", tuple(Bar(f"day {n}", n) for n in (0, 1, 2, 4)), recent=2)
    bars = list(ET.fromstring(chart_svg(chart)))
    assert [bar.get("class") for bar in bars] == ["past", "past", "now", "now"]
    assert [float(bar.get("height") or 0) for bar in bars] == [2, 24, 48, 96]
    assert bars[3][0].text == "day 4: 4"


def test_hostile_names_stay_text():
    chart = Chart('"><script>alert(1)</script>', "<b>&", (Bar("</title><script>", 1.0), Bar("", float(10**9))))
    root = ET.fromstring(chart_svg(chart))
    assert {element.tag for element in root.iter()} == {"svg", "rect", "title"}
    assert root.get("aria-label") == '"><script>alert(1)</script>. <b>&'


def test_nothing_to_draw_is_nothing():
    assert chart_svg(Chart("tides", "quiet", ())) == ""
