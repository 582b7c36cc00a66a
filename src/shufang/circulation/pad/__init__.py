"""A kiosk's RFID pad and card reader: what its local program and the kiosk's page say to each other.

JSON in WebSocket frames, one object with a `type` each; the page reaches the program on its own machine.

| from the page | |
|---|---|
| `hello` | with `version` 1; answered by `hello` |
| `secure` | `tag`, `on`: whether the gate shall ring for this book from now on; answered by `secured` |

| from the program | |
|---|---|
| `hello` | `version`, `books`: what lies there already, each with `tag` and `barcode` |
| `on` | `books`: what was laid down |
| `off` | `tags`: what was taken off |
| `card` | `number`: a card was held to the reader |
| `unreadable` | what lies there could not be read |
| `secured` | `tag`, `on`, `ok`: whether the tag could be written |
"""
