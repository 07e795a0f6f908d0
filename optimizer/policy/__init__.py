"""Policies: read from policy.toml, checked against what the clauses take, changed by name."""
