"""What everything stands on: exact integers, frozen values, the clock, limits, escaping."""
