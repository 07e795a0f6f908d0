"""What an audit has confirmed of a round, and the audit."""
