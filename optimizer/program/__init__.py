"""The integer program as plain data, before any solver hears it."""
