"""``python -m optimizer.cli``, where the command is not on the path."""

from optimizer.cli.app import main

main()
