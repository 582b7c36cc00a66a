"""Getting a card at a machine, one verb a file, in the order in which they come. Nothing is half done, whoever walks off."""
