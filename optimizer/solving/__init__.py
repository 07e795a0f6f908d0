"""From a program to a solution: the two engines, and what chooses between them."""
