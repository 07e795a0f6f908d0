"""What is certified, and the tables, reasons and figures that are made of it."""
