"""matplotlib without its help texts, in the process of a command, where nobody can read them.

They say of each of some hundred classes what it may be told, and took a fifth of matplotlib's import.
"""

from __future__ import annotations

import matplotlib.artist as artist

from optimizer.foundation.collection import is_command

HELP = "_update_set_signature_and_docstring"  # called for each class of artist as it is made

if is_command() and hasattr(artist.Artist, HELP):
    setattr(artist.Artist, HELP, classmethod(lambda cls: None))
    artist.kwdoc = lambda artist: ""
