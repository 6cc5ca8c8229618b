"""An OpenAI-compatible endpoint with moods, one for each model's name: `PORT`.

`success`, `failed`, `near` and `still` answer as the paper's model does; `slow` after a minute; `cut` closes
in the middle; `babble` never stops; `long` writes two hundred thousand characters; `dream` makes symbols up
outside the picture; `html` is a proxy's page; `error` is a 500. `GET /asked` tells how often each was asked.
"""

import asyncio
import sys
from collections import Counter
from contextlib import suppress

from aiohttp import web

SUCCESSFUL = '<Answer>"success detection": "Successful"</Answer>'
FAILED = """<Think>The failure type is identified as 'gripper 6d-pose'.</Think>
<Answer>"success detection": "Failed"
"low level commands": "Move the left gripper to the left."
"visual prompts": "Draw Straight Arrow: {'start_point': [500,500], 'end_point': [300,500], 'color': 'green'}"
</Answer>"""
STILL = """<Answer>"success detection": "Failed", "low level commands": "Hold still."
"visual prompts": "Draw Lock: {'position': [220, 288]}"</Answer>"""
TEXTS = {
    "success": SUCCESSFUL, "failed": FAILED, "still": STILL,
    "long": "I think I see a robot. " * 9000,
    "near": FAILED.replace("[300,500]", "[401,560]"),
    "dream": FAILED.replace("[300,500]", "[30000,-500]"),
}  # fmt: skip
asked, seen = Counter(), {}


async def complete(request):
    body = await request.json()
    model = body["model"]
    asked[model] += 1
    parts = body["messages"][0]["content"]
    seen[model] = {
        "images": sum(part["type"] == "image_url" for part in parts),
        "text": "".join(part.get("text", "") for part in parts),
    }
    if model == "slow":
        await asyncio.sleep(60)
    if model == "error":
        return web.Response(status=500, text="out of memory")
    if model == "html":
        return web.Response(text="<html>sign in</html>", content_type="text/html")
    if model in ("cut", "babble"):
        return await stream(request, model)
    message = {"role": "assistant", "content": TEXTS.get(model, SUCCESSFUL)}
    choice = {"index": 0, "finish_reason": "stop", "message": message}
    return web.json_response({"id": "1", "object": "chat.completion", "model": model, "choices": [choice]})


async def stream(request, model):
    response = web.StreamResponse(headers={"Content-Type": "application/json"})
    await response.prepare(request)
    await response.write(b'{"choices": [{"message": {"content": "I')
    with suppress(ConnectionResetError):  # whoever asked has had enough
        while model == "babble":
            await response.write(b" think that I" * 1000)
            await asyncio.sleep(0.001)
    if request.transport is not None:
        request.transport.abort()
    return response


async def tell(request):
    return web.json_response({"asked": dict(asked), "seen": seen})


def main(port):
    app = web.Application(client_max_size=2**26)
    app.add_routes([web.post("/v1/chat/completions", complete), web.get("/asked", tell)])

    async def ready(app):
        print("ready", flush=True)

    app.on_startup.append(ready)
    web.run_app(app, host="127.0.0.1", port=port, print=None, handle_signals=True)


if __name__ == "__main__":
    main(int(sys.argv[1]))
