"""Writing anything in one step: afterwards the target is wholly the old or wholly the new one."""

from optimizer.writing.atomic import allow, new_file, new_folder, only_if_empty
from optimizer.writing.work_folder import recover
from optimizer.writing.write_errors import reason

__all__ = ["allow", "new_file", "new_folder", "only_if_empty", "reason", "recover"]
