"""Loading MARC records: extraction of titles and items, matching, bulk writing, rejects (docs/loading.md)."""
