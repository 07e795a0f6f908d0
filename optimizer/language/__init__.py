"""What is said to people: texts in two languages, the words they are made of, and the fonts."""
