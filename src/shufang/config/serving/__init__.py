"""`shufang serve`: web, SIP2 server and scheduled work as three processes under one parent."""
