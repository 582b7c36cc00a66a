"""What must be true of the whole database, each rule one query: `shufang check_data`.

The database's own constraints are repeated where a restore, another program or a careless hand could have passed them.
"""
