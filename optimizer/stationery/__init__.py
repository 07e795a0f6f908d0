"""What letters and the head of a report are written on: a bureau's own words and templates, in a sandbox."""
