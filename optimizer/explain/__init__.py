"""Why each application got what it got, and what would have had to differ."""
