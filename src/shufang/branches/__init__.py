"""Libraries, branches, calendars, devices and what devices were answered."""
