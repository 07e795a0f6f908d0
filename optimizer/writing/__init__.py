"""Writing anything in one step: afterwards the target is wholly the old or wholly the new one."""

from optimizer.writing.step import allow, new_file, new_folder
from optimizer.writing.why import reason
from optimizer.writing.work import recover

__all__ = ["allow", "new_file", "new_folder", "reason", "recover"]
