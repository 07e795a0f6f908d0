"""Why each application got what it got, and what would have had to differ.

What the room offers stands in ``__init__.pyi``. Each name is imported when it is first used: most
allocations are never asked what would have had to differ.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
