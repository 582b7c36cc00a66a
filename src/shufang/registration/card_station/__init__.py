"""A kiosk's document reader and card printer: what its local program and the kiosk's page say to each other.

JSON in WebSocket frames, one object with a `type` each; the page reaches the program on its own machine.

| from the page | |
|---|---|
| `hello` | with `version` 1; answered by `hello` |
| `read` | `on`: a document that is laid down is read from now on; off: none is |
| `print` | `key`, `number`: print a card; the same key prints once |

| from the program | |
|---|---|
| `hello` | `reader` (whether there is one), `printer`: `ready`, `no_blanks`, `jammed` or `none`, `blanks` |
| `document` | `kind` (patrons/identity.py), `number`, `name`, `birth_date`, `valid_until` (ISO 8601, may be empty); it keeps none |
| `unreadable` | what lies there could not be read |
| `printer` | the printer's state has changed: as in `hello` |
| `printed` | `key`, `blanks` |
| `not_printed` | `key`, `reason`: `no_blanks` or `jammed`, `blanks` |
"""
