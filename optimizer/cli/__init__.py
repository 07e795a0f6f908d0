"""The command ``subsidy``. One command a file; each is parse, one call of the API, print, exit code.

Nothing heavy is imported here: ``subsidy --help`` is to come at once.
"""

from optimizer.cli.app import app, main

__all__ = ["app", "main"]
