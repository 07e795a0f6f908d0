"""Exact, certified allocation of a subsidy pool among reviewed applications.

    >>> from optimizer import read_case, allocate
    >>> allocation = allocate(read_case("data/taichung-103"))

What the package offers stands in ``__init__.pyi``. Each name is imported when it is first used, so
that ``subsidy --help`` comes at once.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
