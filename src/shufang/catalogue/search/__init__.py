"""Search that is blind to script: folding, tokens, the index and its queries (docs/search.md)."""
