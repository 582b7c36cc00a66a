"""The demonstration network: Daxing with its studies, an invented cast and a year of invented loans."""
