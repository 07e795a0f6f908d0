"""From records to a round: who is eligible, and with what merit."""
