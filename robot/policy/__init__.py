"""Policies over the openpi protocol: our client, our server, and scripted policies that it can serve.

The protocol (openpi 0.1): a websocket of msgpack maps with numpy arrays (`robot.packing`). On connect the
server sends its metadata. A request is `{"state": (14,), "images": {camera: (3, 224, 224) uint8}, "prompt":
str}`, its answer `{"actions": (n, 14), "policy_timing": {...}, "server_timing": {...}}`. A text frame is a
traceback, and the connection closes with 1011. `GET /healthz` answers `OK`; a key goes in
`Authorization: Api-Key KEY`. Requests have no number: an answer that comes late would be taken for the next
one's, so whoever gives up on an answer closes the connection.
"""

from typing import Final

SIDE: Final = 224
HORIZON: Final = 50
EXECUTED: Final = 25
MOST_BYTES: Final = 16 * 2**20
