"""Pure decisions about lending: frozen facts in, decision out. No Django, `now` is passed in."""
