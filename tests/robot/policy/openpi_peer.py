"""The unmodified `openpi-client` against a server, in an environment of its own: `HOST PORT PROMPT`.

Prints one JSON object of what it saw. Nothing of ours is imported here.
"""

import json
import sys

import numpy as np
from openpi_client import image_tools, websocket_client_policy

host, port, prompt = sys.argv[1], int(sys.argv[2]), sys.argv[3]
policy = websocket_client_policy.WebsocketClientPolicy(host, port)
picture = np.random.default_rng(0).integers(0, 255, (480, 640, 3), dtype=np.uint8)
small = image_tools.convert_to_uint8(image_tools.resize_with_pad(picture, 224, 224))
request = {
    "state": np.array([0, -0.96, 1.16, 0, -0.3, 0, 1.0] * 2, np.float32),
    "images": {name: small.transpose(2, 0, 1) for name in ("cam_high", "cam_left_wrist", "cam_right_wrist")},
    "prompt": prompt,
}
answers = [policy.infer(request) for _ in range(3)]
told = {
    "metadata": policy.get_server_metadata(),
    "shape": list(answers[0]["actions"].shape),
    "finite": bool(np.isfinite(answers[-1]["actions"]).all()),
    "timing": sorted(answers[-1]["server_timing"]),
}
try:
    policy.infer({"state": np.zeros(3), "prompt": "broken"})
except RuntimeError as error:
    told["error"] = str(error).strip().splitlines()[-1]
print(json.dumps(told))
