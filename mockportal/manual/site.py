"""The manual as a folder of HTML files, which needs nothing but itself."""

import hashlib
import json
import re
import shutil
import tempfile
from functools import lru_cache
from itertools import groupby
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from mockportal.config import content
from mockportal.manual.html import html_of
from mockportal.manual.pages import ManualPage, anchor_of, headings, manual_pages, plain

_TEMPLATES = Path(__file__).parent / "templates"
_PART = re.compile(r"^(?=#{1,4} )", re.MULTILINE)
_COPIED = ("**/*.json", "images/*.png", "images/*.svg")


def site_in(cache: Path) -> Path:
    """The folder of the manual below `cache`, which is written unless it is there."""
    folder = cache / f"manual-{_digest()}"
    if not folder.is_dir():
        cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=cache) as made:
            whole = Path(made) / "manual"
            write_site(whole)
            if not folder.is_dir():  # else somebody else was faster
                whole.rename(folder)
    return folder


def write_site(folder: Path) -> None:
    """Writes the pages, what they link to, and the words for the search."""
    pages = manual_pages()
    for name, text in (("words.js", f"const WORDS = {json.dumps(_words())};\n"), *_own_files()):
        _write(folder / name, text)
    for pattern in _COPIED:
        for file in content("docs").glob(pattern):
            target = folder / file.relative_to(content("docs"))
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(file, target)
    for page in pages:
        up = "../" * page.name.count("/")
        html = _template().render(page=page, body=html_of(page), captions=_captions(), up=up)
        _write(folder / f"{page.name}.html", html)


def _own_files() -> list[tuple[str, str]]:
    return [(name, (_TEMPLATES / name).read_text(encoding="utf-8")) for name in ("style.css", "search.js")]


def _captions() -> list[tuple[str, list[ManualPage]]]:
    """The pages of the table of contents by caption, without those that another page lists."""
    shown = [page for page in manual_pages() if page.caption and not page.is_listed_elsewhere]
    return [(caption, list(group)) for caption, group in groupby(shown, key=lambda page: page.caption)]


def _words() -> list[list[str]]:
    """(address, title, text) of every part of every page, for the search."""
    found = []
    for page in manual_pages():
        for part in _PART.split(page.text):
            for level, title in headings(part)[:1]:
                address = f"{page.name}.html" + ("" if level == 1 else f"#{anchor_of(title)}")
                named = page.title if level == 1 else f"{page.title}: {plain(title)}"
                found.append([address, named, plain(part.partition("\n")[2])])
    return found


@lru_cache(maxsize=1)
def _template() -> Template:
    loader = PackageLoader("mockportal.manual")
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined).get_template("page.html")


@lru_cache(maxsize=1)
def _digest() -> str:
    """A name for the content: another manual has another one."""
    found = hashlib.sha256()
    for file in sorted(
        [*content("docs").rglob("*"), *_TEMPLATES.iterdir(), *Path(__file__).parent.glob("*.py")]
    ):
        if file.is_file():
            found.update(file.read_bytes())
    return found.hexdigest()[:16]


def _write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
