"""Measurements against floors of the same run. `make bench` runs all of them; `python -m bench --help` tells the parts."""
