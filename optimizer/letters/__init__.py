"""One decision letter an application, the telephone sheet, and the templates that a bureau changes."""

from optimizer.letters.letters import write_letters
from optimizer.stationery.sources import copy_templates

__all__ = ["copy_templates", "write_letters"]
