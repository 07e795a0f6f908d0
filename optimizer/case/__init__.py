"""A case: the records and the policy of one round, what they say, and what was changed since."""
