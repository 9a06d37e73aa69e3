"""What feeds try: markup, templates, header lines, terminal escapes, bidi overrides, stacked marks and odd links."""

from datetime import UTC, date, datetime

from monitor.types.digests import Badge, Digest, Heading, Link, PaperCard, PaperLine, Receipt, ReceiptLine, Section

_TITLES = (
    "<script>alert(1)</script> in Titles",
    '"><img src=x onerror=alert(1)> Considered Harmful',
    "</title></style><base href=//evil.example><meta http-equiv=refresh content=0>",
    "{{ 7*7 }} and {% raw %} of ${jndi:x} %s =cmd|' /C calc'!A0",
    "p < 0.05 and x > y for A&B, &amp; &lt;b&gt; kept as typed",
    "Line one\r\nBcc: victim@example.org\nand a tab\there",
    "Terminal \x1b[31mred\x1b[0m and NUL\x00 bytes",
    "Safe \u202egpj.exe\u202c and \u2066isolated\u2069 and zero\u200bwidth",
    "Z" + "\u0301\u0302\u0303\u0304\u0305" * 12 + "algo",
    "A" * 180,
)
_LINKS = (
    "javascript:alert(1)",
    "https://example.org/?a=1&b=2",
    "data:text/html,<script>alert(1)</script>",
    'https://example.org/"onmouseover="alert(1)',
    "//evil.example/x",
    "https://example.org/a\r\nBcc: x",
    "file:///etc/passwd",
    "http://[",
    "https://\u202eexample.org/",
    "https://example.org/" + "a" * 200,
)

DIGEST = Digest(
    profile_id="Évil/../profile\r\nX: y",
    profile_name="<b>Bold</b> & “quoted”\r\nBcc: victim@example.org",
    recipient="eve@example.org",
    local_date=date(2026, 1, 5),
    at=datetime(2026, 1, 5, 8, 0, tzinfo=UTC),
    subject="10 papers\r\nBcc: victim@example.org\x00 =?utf-8?q?fake?= <b>",
    preheader="<b>not bold</b>\x00 & on",
    sections=(
        Section(
            "topic",
            (
                Heading("<h1>Hostile</h1>", "{{ config }}", anchor='"><script>'),
                *(
                    PaperCard(
                        title=title,
                        url=url,
                        byline="<svg onload=alert(1)>, O'Neil & Sons",
                        facts=("<style>*{}</style>",),
                        badge=Badge("new", "<i>New</i>"),
                        why="<a href=javascript:alert(1)>click</a>",
                        likelihood="<meter>",
                        summary="\\alpha \\\\ $x$ <form action=//evil.example><input></form>",
                        links=(Link("</a><b>", url),),
                        copies=("<template>",),
                        probability=7.5,
                    )
                    for title, url in zip(_TITLES[:5], _LINKS[:5], strict=True)
                ),
                *(PaperLine(title, url, "<math>") for title, url in zip(_TITLES[5:], _LINKS[5:], strict=True)),
            ),
        ),
    ),
    receipt=Receipt((ReceiptLine("<plaintext>", "<!--", "1 & 1", "failed"),), ("-->",)),
    why_sent="<marquee>because</marquee>",
    links=(Link("Stop", "javascript:stop()"), Link("Stop by mail", "mailto:stop@example.org")),
)
