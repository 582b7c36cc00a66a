"""The self-service machine: a touch screen that nobody tends."""
