"""CK media type (3M SIP 2.00, "media type") of the catalogue's materials."""

_MEDIA = {"book": "001", "periodical": "002", "sound": "006", "video": "005", "computer_file": "006"}


def media_type(material: str) -> str:
    """Return three digits, 000 for other."""
    return _MEDIA.get(material, "000")
