"""The smallest words of the house: refusals, money, time, identifiers. No Django, no I/O."""
