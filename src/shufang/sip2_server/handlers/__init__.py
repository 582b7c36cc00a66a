"""One handler a message. `table.HANDLERS` lists them."""
