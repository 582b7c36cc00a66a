"""Pages that play what stands outside: they work only where a simulator is in use."""
