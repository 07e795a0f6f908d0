"""Exact, certified allocation of a subsidy pool among reviewed applications."""
