"""The command ``subsidy``. One command a file; each is parse, one call of the API, print, exit code.

Nothing heavy is imported here: ``subsidy --help`` is to come at once.
"""

from optimizer.foundation.late_methods import compile_late

compile_late()

from optimizer.cli.app import app, main  # noqa: E402

__all__ = ["app", "main"]
