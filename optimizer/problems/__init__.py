"""What can go wrong and how it is said: errors, refused arguments, what looks alike."""
