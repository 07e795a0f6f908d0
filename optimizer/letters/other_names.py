"""The last line of defence: names of others in what somebody wrote, such as the grounds of a decision."""

from __future__ import annotations

import re
from collections.abc import Sequence

from optimizer.language.text import Language, Text
from optimizer.tables.records import Records

_SCHOOL = Text("他校", "another school")
_APPLICATION = Text("另一件申請", "another application")
_SHORTEST = {_SCHOOL: 2, _APPLICATION: 4}  # characters of a name that is no word of every day
_NUMBER = re.compile(r"(?=.*[^\W\d_])(?=.*\d)")  # a letter and a digit: no figure of a sentence


class Names:
    """Schools and applications by their names.

    Parameters
    ----------
    records
        Schools, and applications with the row of their school.
    """

    def __init__(self, records: Records) -> None:
        table, self._known = records.applications, dict[str, tuple[Text, set[int]]]()
        for row, name in enumerate(records.schools["name"]):
            self._add(str(name), row, _SCHOOL)
        columns = (table[name] for name in ("application_id", "title", "school"))
        for own_id, title, row in zip(*columns, strict=True):
            self._add(str(title), int(row), _APPLICATION)
            if _NUMBER.match(str(own_id)):
                self._known.setdefault(str(own_id), (_APPLICATION, set()))[1].add(int(row))

    def _add(self, name: str, school: int, instead: Text) -> None:
        if len(name) >= _SHORTEST[instead]:
            self._known.setdefault(name, (instead, set()))[1].add(school)

    def hide(self, said: Text, school: int) -> Text:
        """Say "another" for every name that is not of this school."""

        def told(language: Language) -> str:
            def instead(found: re.Match[str]) -> str:
                words, schools = self._known[found.group()]
                return found.group() if school in schools else words.say(language)

            text = said.say(language)
            named = sorted((n for n in self._known if n in text), key=len, reverse=True)
            return re.sub(_whole(named), instead, text) if named else text

        return Text(told("zh-TW"), told("en"))


def _whole(names: Sequence[str]) -> str:
    """Return a pattern of names that are not part of a longer word, the longest first."""
    return rf"(?<![0-9A-Za-z])(?:{'|'.join(map(re.escape, names))})(?![0-9A-Za-z])"
