"""Who looked at or overrode what: kind and id, no foreign keys."""
