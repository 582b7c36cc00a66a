"""Loading and export of MARC records."""
