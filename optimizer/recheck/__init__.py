"""The recheck: eligibility, merit and bounds against the plain reading, every sentence included."""

from optimizer.recheck.disagreements import recheck

__all__ = ["recheck"]
