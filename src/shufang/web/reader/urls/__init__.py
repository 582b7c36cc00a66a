"""The addresses of the reader's pages, a module a part."""
