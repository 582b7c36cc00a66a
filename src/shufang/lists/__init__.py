"""Lists of books that readers make: what they want to read, and lists of their own. They show nobody but the books."""
