"""Small PDFs, written by hand: lines of text at a size and a place, upright or on their side."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """A line of Helvetica, its size and place in points from the lower left; ``aside`` runs upwards as a stamp does."""

    text: str
    size: float = 10
    x: float = 72
    y: float = 700
    aside: bool = False

    def drawn(self) -> str:
        """Return the operators that draw it."""
        turn = "0 1 -1 0" if self.aside else "1 0 0 1"
        said = self.text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
        return f"BT /F1 {self.size} Tf {turn} {self.x} {self.y} Tm ({said}) Tj ET"


def pdf(*pages: Sequence[Line], info: Mapping[str, str] | None = None) -> bytes:
    """Return a file of these pages; ``info`` is what it says of itself."""
    return of_streams(*("\n".join(line.drawn() for line in lines).encode("latin-1") for lines in pages), info=info)


def of_streams(*streams: bytes, info: Mapping[str, str] | None = None) -> bytes:
    """Return a file whose pages draw ``streams``."""
    kids = " ".join(f"{4 + 2 * number} 0 R" for number in range(len(streams)))
    told = "".join(f"/{name} ({value}) " for name, value in (info or {}).items())
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>", f"<< /Type /Pages /Kids [{kids}] /Count {len(streams)} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]  # fmt: skip
    for number, stream in enumerate(streams):
        packed = zlib.compress(stream)
        objects += [
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Resources << /Font << /F1 3 0 R >> >> "
            f"/Contents {5 + 2 * number} 0 R >>".encode(),
            b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(packed), packed),
        ]
    objects.append(f"<< {told}>>".encode("latin-1"))
    body, places = bytearray(b"%PDF-1.4\n"), []
    for number, one in enumerate(objects, start=1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    start = len(body)
    body += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    body += b"".join(b"%010d 00000 n \n" % place for place in places)
    trailer = (
        f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R /Info {len(objects)} 0 R >>\nstartxref\n{start}\n%%EOF\n"
    )
    return bytes(body) + trailer.encode()
