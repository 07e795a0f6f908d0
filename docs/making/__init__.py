"""The pages of the documentation that are made from the program: ``python -m docs.making``.

A page that repeats what a rule, a table or a schema says of itself is made from it, and committed, so
that it reads on any machine. ``tests/documentation`` fails while one is out of date.
"""
