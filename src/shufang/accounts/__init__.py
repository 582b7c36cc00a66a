"""Staff users, their organisations and roles."""
