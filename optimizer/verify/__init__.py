"""Checks a finished result against its inputs, one question a module.

Hashes, the seal, totals and rules are worked out by code of their own, written apart from what wrote
them. Workbooks, figures and the report are made anew by the writers themselves (`remake`): that
shows that nothing was changed since, and what they say is checked in the tables they are made of.
"""
