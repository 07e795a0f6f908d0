"""The site builds without a warning, asks nothing of another machine, and every link in it leads somewhere."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from helpers.places import ROOT

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not all(map(importlib.util.find_spec, ("zensical", "mkdocstrings", "latex2mathml"))),
        reason="the extra docs is missing",
    ),
]


@dataclass
class Page(HTMLParser):
    """What one page asks for, where it links to, and what can be linked to in it."""

    path: Path
    asked: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    anchors: set[str] = field(default_factory=set)
    formulas: int = 0
    without_words: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        HTMLParser.__init__(self)
        self.feed(self.path.read_text("utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        self.anchors |= {told[name] for name in ("id", "name") if told.get(name)}
        self.formulas += tag == "math"
        if tag == "img" and not told.get("alt"):
            self.without_words.append(told.get("src", ""))
        if tag == "a":
            self.links += [told["href"]] if "href" in told else []
        else:
            names = ("src", "href", "srcset", "data", "poster", "action")
            self.asked += [told[name] for name in names if told.get(name)]
            self.asked += re.findall(r"url\(([^)]+)\)", told.get("style", ""))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Page]:
    """Build it from a copy, so that nothing is left behind in the tree."""
    folder = tmp_path_factory.mktemp("documentation")
    shutil.copy(ROOT / "mkdocs.yml", folder)
    for name in ("docs", "optimizer"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    command = [sys.executable, "-m", "zensical", "build", "--strict"]
    run = subprocess.run(command, cwd=folder, capture_output=True, text=True, env={**os.environ})
    assert run.returncode == 0, run.stdout + run.stderr
    found = (folder / "site").rglob("*.html")
    return {path.relative_to(folder / "site").as_posix(): Page(path) for path in found}


def test_every_page_is_built(site: dict[str, Page]) -> None:
    docs = ROOT / "docs"
    pages = {path.relative_to(docs).with_suffix(".html").as_posix() for path in docs.rglob("*.md")}
    assert pages == set(site) - {"404.html"}


def test_every_page_can_be_found_from_the_first(site: dict[str, Page]) -> None:
    names = {page.path: name for name, page in site.items()}
    near, waiting = set(), ["index.html"]
    while waiting:
        name = waiting.pop()
        near.add(name)
        targets = {aimed(site[name], link)[0] for link in site[name].links}
        waiting += sorted({names[path] for path in targets & set(names)} - near)
    assert near == set(site) - {"404.html"}


def test_nothing_is_asked_of_another_machine(site: dict[str, Page]) -> None:
    for name, page in site.items():
        asked = [one for one in page.asked if urlsplit(one).scheme or one.startswith("//")]
        assert not asked, name
        outside = [link for link in page.links if urlsplit(link).scheme not in ("", "https")]
        assert not outside, name
    root = site["index.html"].path.parent
    for sheet in root.rglob("*.css"):
        text = sheet.read_text("utf-8")
        assert not re.search(r"""url\(\s*["']?(?:https?:)?//|@import""", text), sheet.name


def aimed(page: Page, link: str) -> tuple[Path, str]:
    """Return the file a link leads to, and the place in it."""
    parts = urlsplit(link)
    path = page.path.parent / unquote(parts.path) if parts.path else page.path
    return path.resolve(), unquote(parts.fragment)


def test_every_link_and_file_is_there(site: dict[str, Page]) -> None:
    by_path = {page.path: page for page in site.values()}
    for name, page in site.items():
        if name == "404.html":
            continue  # its addresses begin at the root of wherever it is served
        for link in [*page.links, *page.asked]:
            if urlsplit(link).scheme or link.startswith("//"):
                continue
            path, anchor = aimed(page, link)
            path = path / "index.html" if path.is_dir() else path
            assert path.is_file(), f"{name}: {link}"
            if anchor and path in by_path:
                assert anchor in by_path[path].anchors, f"{name}: {link}"


def test_mathematics_is_set_when_the_page_is_built(site: dict[str, Page]) -> None:
    model = site["model.html"]
    assert model.formulas >= 60
    for name, page in site.items():
        text = page.path.read_text("utf-8")
        assert "$<code>" not in text and "$`" not in text and 'class="math"' not in text, name


def test_every_picture_is_told_in_words_and_small(site: dict[str, Page]) -> None:
    assert not {name: page.without_words for name, page in site.items() if page.without_words}
    for picture in (ROOT / "docs" / "screens").glob("*"):
        assert picture.stat().st_size <= 150_000, picture.name


def test_chinese_has_no_blank_where_its_source_had_a_line(site: dict[str, Page]) -> None:
    han = "\u3400-\u9fff，。、；：）（」「"
    for name in site:
        text = site[name].path.read_text("utf-8").partition("<article")[2]
        text = re.sub(r"<pre.*?</pre>", "", text, flags=re.DOTALL)
        assert not re.findall(f"[{han}]\n[{han}]", text), name
        if "zh-TW" in name:
            assert '<div lang="zh-TW">' in site[name].path.read_text("utf-8")
