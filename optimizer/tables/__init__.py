"""What data look like: columns, the records of a case, the settings of a policy, a round."""
