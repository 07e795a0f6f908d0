"""Setting a document as PDF with Typst: tagged, PDF/UA-1, in the bundled font, the same bytes each time.

The template is this program's own, and what is to be said goes to it as data: no text of a case is ever
read as markup, and no file but the fonts is within reach.
"""

from __future__ import annotations

import json
import re
from collections.abc import Container, Mapping
from importlib.util import find_spec
from pathlib import Path
from types import MappingProxyType
from typing import Any

from optimizer.foundation.escaping import unsteered
from optimizer.language.fonts import FAMILY, FONT, drawable
from optimizer.language.text import Language, Text
from optimizer.problems.errors import UsageError, defect
from optimizer.stationery.unusable import unusable
from optimizer.workbooks.cell_text import legal_xml

_TEMPLATES = Path(__file__).with_name("templates")
_LANGUAGES: Mapping[Language, tuple[str, str | None]] = {"zh-TW": ("zh", "TW"), "en": ("en", None)}
MISSING = Text(
    'PDF 紀錄以 Typst 排版，此處尚未安裝；請在下載的專案資料夾內執行：pip install -c constraints.txt -e ".[pdf]"；'
    '由套件檔安裝者：pip install "subsidy-optimizer[pdf]"',
    "The PDF record is set with Typst, which is not installed here; in a clone run: pip install -c "
    'constraints.txt -e ".[pdf]"; installed from a package: pip install "subsidy-optimizer[pdf]"',
)
_NO_PICTURE = Text("這個圖檔無法印入 PDF", "is a picture that cannot be printed in the PDF")
_LONG_WORD = re.compile(r"[!-~]{24}(?=[!-~])")
_BREAKS = "\n\u200b"  # where a line ends, and where it may end


def installed() -> bool:
    """Return whether Typst is there."""
    return find_spec("typst") is not None


def require_typst() -> None:
    """Refuse to begin what needs Typst where there is none.

    Raises
    ------
    UsageError
        With the command that installs it.
    """
    if not installed():
        raise UsageError(MISSING)


def typeset(
    template: str,
    data: Mapping[str, Any],
    language: Language,
    pictures: Mapping[str, bytes] = MappingProxyType({}),
) -> bytes:
    """Return a PDF.

    Parameters
    ----------
    template
        Name of a file in ``templates/``.
    data
        What it says: objects, lists, numbers and texts; every text is made one that can be set.
    language
        The language of the whole document, as its readers' programs are told.
    pictures
        The bureau's own pictures, by the names that the data call them by.

    Raises
    ------
    UsageError
        If Typst is not installed.
    TemplateError
        If a picture is none that can be set.
    """
    require_typst()
    import typst

    lang, region = _LANGUAGES[language]
    known = drawable(json.dumps(data, ensure_ascii=False))
    told = {**_settable(data, known), "font": FAMILY, "lang": lang, "region": region}
    told["pictures"] = {name: list(picture) for name, picture in pictures.items()}
    try:
        return bytes(
            typst.compile(
                (_TEMPLATES / template).read_bytes(),
                root=str(FONT.parent),
                font_paths=[str(FONT.parent)],
                ignore_system_fonts=True,
                format="pdf",
                pdf_standards=["ua-1"],
                sys_inputs={"data": json.dumps(told, ensure_ascii=False)},
            )
        )
    except typst.TypstError as error:
        if not pictures:  # nothing else comes from outside
            raise
        raise unusable(
            [defect("bad_value", _NO_PICTURE, file=name) for name in pictures]
        ) from error


def _settable(value: Any, known: Container[str]) -> Any:
    """Return data whose texts can all be set."""
    if isinstance(value, Mapping):
        return {key: _settable(part, known) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_settable(part, known) for part in value]
    return settable(value, known) if isinstance(value, str) else value


def settable(text: str, known: Container[str]) -> str:
    """Return a text that can be set: marks that steer its direction left out.

    A character that is not among the known ones is named by its number: U+3D5E stands as 〔U+3D5E〕.
    """
    plain = unsteered(legal_xml(text)).replace("\t", " ").replace("\r", "\n")
    return "".join(c if c in known or c in _BREAKS else f"〔U+{ord(c):04X}〕" for c in plain)


def breakable(text: str) -> str:
    """Return a text whose long words may go on in another line, for columns that are narrow."""
    return _LONG_WORD.sub(lambda word: f"{word[0]}\u200b", text)
