"""The joint card belongs to the city: who keeps its register, what is asked there and what is told."""
