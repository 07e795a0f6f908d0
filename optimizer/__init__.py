"""Exact, certified allocation of a subsidy pool among reviewed applications.

    >>> from optimizer import read_case, allocate
    >>> allocation = allocate(read_case("data/taichung-103"))

What the package offers stands in ``__init__.pyi``. Each name is imported when it is first used, so
that ``subsidy --help`` comes at once. ``__version__`` is that of the installed package.
"""

from typing import Any

import lazy_loader

_offered, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)


def __getattr__(name: str) -> Any:
    """Import what the package offers; look the version up where it is asked for."""
    if name == "__version__":
        from importlib.metadata import version

        return version("subsidy-optimizer")
    return _offered(name)
