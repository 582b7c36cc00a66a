"""Django's SQLite backend with a fair queue of writers. `ENGINE = "shufang.database.sqlite3"`."""
