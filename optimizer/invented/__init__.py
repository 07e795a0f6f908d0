"""The parts of `optimizer.invented.generate`: one file a table, and the words they are made of."""
