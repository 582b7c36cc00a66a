"""The reader's pages: phone first, one module a page."""
