"""What both database engines need to behave alike: fair writing on SQLite, row locks, plain SQL access."""
