"""Scenarios: named changes to one policy, and their results side by side.

A worker process imports what its task needs and no more: each name is imported from its own module.
"""
