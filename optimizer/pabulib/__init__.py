"""A round of participatory budgeting from a ``.pb`` file (Pabulib's format) as a case."""

from optimizer.pabulib.case_files import import_pb

__all__ = ["import_pb"]
