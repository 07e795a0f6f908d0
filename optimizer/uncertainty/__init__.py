"""How firm decisions are: marks drawn anew, expected ranks, and what the whole program then decides."""
