"""The web faces: one module a page."""
