"""Wires everything: settings, URLs, WSGI and the commands of the whole. Imported by nobody."""
