"""A card centre for demonstration and tests: another organisation's system, with its own file, own rules and bad days.

It knows nothing of our tables. `shufang card_centre` runs it.
"""
