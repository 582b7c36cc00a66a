"""What becomes here of what the card centre says: a card of another library lends too, a card stopped elsewhere stops."""
