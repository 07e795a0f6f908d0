"""The parts of `optimizer.generate`: one file a table, and the words they are made of."""
