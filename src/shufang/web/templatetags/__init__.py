"""Words and figures as the pages show them."""
