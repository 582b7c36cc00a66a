"""The commands of the whole house."""
