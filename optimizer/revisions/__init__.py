"""After publication: what was published, revised under the promise to take nothing back."""

from optimizer.revisions.reopen import reopen
from optimizer.revisions.revise import Revision, revise
from optimizer.revisions.write import write_revision

__all__ = ["Revision", "reopen", "revise", "write_revision"]
