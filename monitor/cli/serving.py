"""A preview in a browser on this machine: the page, its text and its headers, drawn again when asked."""

from __future__ import annotations

import html
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from monitor.jobs.preview import Draft

_FRAME = """<!doctype html><html lang="en"><meta charset="utf-8"><title>{subject}</title>
<style>body {{ margin: 0; font: 14px/22px sans-serif; }} header {{ padding: 8px 16px; background: #eee; }}
iframe {{ width: 100%; height: calc(100vh - 84px); border: 0; }} .problem {{ color: #8f3d0c; }}</style>
<header><strong>{subject}</strong> · {size:.0f} KB of 90 · <a target="mail" href="/page">page</a>
<a target="mail" href="/text">text</a> <a target="mail" href="/headers">headers</a>
<div class="problem">{problem}</div></header><iframe name="mail" src="/page" title="the mail"></iframe>
<script>let seen = "{stamp}"; setInterval(async () => {{
  const now = await (await fetch("/stamp")).text(); if (now !== seen) location.reload(); }}, 1000);</script></html>"""


class Shows(Protocol):
    """Whatever holds a draft that may be replaced by a newer one."""

    draft: Draft


def serve(port: int, shown: Shows) -> int:
    """Serve what ``shown`` holds on loopback until the program ends; returns the port. Raises OSError when taken."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            content, kind = _answer(self.path, shown.draft)
            self.send_response(200 if content is not None else 404)
            self.send_header("Content-Type", f"text/{kind}; charset=utf-8")
            self.send_header("Cache-Control", "no-store")
            self.end_headers()
            self.wfile.write((content or "nothing here").encode())

        def log_message(self, *_: object) -> None:
            """Say nothing: a browser asks every second."""

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return int(server.server_address[1])


def _answer(path: str, draft: Draft) -> tuple[str | None, str]:
    stamp = f"{hash(draft):x}"
    if path == "/":
        facts = {"subject": html.escape(draft.subject), "problem": html.escape(draft.problem)}
        return _FRAME.format(size=draft.size / 1024, stamp=stamp, **facts), "html"
    plain = {"/text": draft.text, "/headers": draft.headers, "/stamp": stamp}
    return (draft.html, "html") if path == "/page" else (plain.get(path), "plain")
