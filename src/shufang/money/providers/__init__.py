"""Payment providers: the interface, the one in use, and the simulator."""
