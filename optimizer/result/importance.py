"""The table of what each funded application is worth to the list."""

from __future__ import annotations

import pandas as pd

from optimizer.explain.worth import Marginals
from optimizer.language.text import Language
from optimizer.result.dtypes import POINTS, WHOLE, exact_text, typed

_OF_AWARDS = ("school_id", "level", "district", "title", "merit", "merit_exact", "award")


def importance(worth: Marginals, awards: pd.DataFrame, language: Language) -> pd.DataFrame:
    """Return one row a funded application, in application_id order: what is lost if it cannot be funded.

    Columns: application_id, school_id, school (its name), level, district, title, merit,
    merit_exact, award, place (1: most is lost without it, by the priorities in their order; equal
    losses, equal place; blank if the limit came first), priority (the first that would be worse;
    empty if none would, or no list goes without it), lost and lost_exact (by how much, in its own
    unit), who_enters (in its place), who_leaves (who else would be out), said (all of it in a sentence).
    """
    lines, ids, places = awards.set_index("application_id"), worth.asking.round.ids, worth.places()
    rows = [
        {
            "application_id": ids[a],
            "school": worth.naming.school(ids[a]),
            **{name: lines[name][ids[a]] for name in _OF_AWARDS},
            "place": places.get(a),
            "priority": change.priority,
            "lost": change.lost if change.priority else None,
            "lost_exact": exact_text(change.lost) if change.priority else "",
            "who_enters": "; ".join(change.entering),
            "who_leaves": "; ".join(other for other in change.leaving if other != ids[a]),
            "said": change.text.say(language),
        }
        for a, _, change in worth.each()
    ]
    names = ["application_id", "school_id", "school", *_OF_AWARDS[1:], "place", "priority", "lost"]
    names += ["lost_exact", "who_enters", "who_leaves", "said"]
    table = pd.DataFrame(rows, columns=names, dtype=object)
    return typed(table, {"place": WHOLE, "lost": POINTS})
