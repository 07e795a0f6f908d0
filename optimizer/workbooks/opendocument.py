"""The zip file that every OpenDocument is. The same parts give the same bytes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'


def package(mime: str, parts: Mapping[str, str]) -> bytes:
    """Return an OpenDocument: its kind, and its parts by their names."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        _put(archive, "mimetype", mime, zipfile.ZIP_STORED)
        _put(archive, "META-INF/manifest.xml", _manifest(mime, parts))
        for name, text in parts.items():
            _put(archive, name, text)
    return content.getvalue()


def _put(
    archive: zipfile.ZipFile, name: str, text: str, compression: int = zipfile.ZIP_DEFLATED
) -> None:
    entry = zipfile.ZipInfo(name)  # of 1980-01-01, whatever the clock says
    entry.compress_type = compression
    entry.external_attr = 0o644 << 16
    archive.writestr(entry, text)


def _manifest(mime: str, parts: Mapping[str, str]) -> str:
    return (
        HEAD + "<manifest:manifest "
        'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.2">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{mime}"/>'
        + "".join(
            f'<manifest:file-entry manifest:full-path="{name}" manifest:media-type="text/xml"/>'
            for name in parts
        )
        + "</manifest:manifest>"
    )
