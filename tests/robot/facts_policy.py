"""A policy server written from the facts of the openpi protocol alone, none of our code: `PORT`.

What it does is in the prompt: `hang` never answers, `late S` answers after S seconds, `text` fails as openpi
does, `garbage` sends bytes that are no msgpack, `nan`, `shape` and `huge` send a chunk that must be refused,
`close` closes the connection; anything else is answered with the state repeated, its first joint counted up.
"""

import asyncio
import http
import sys
import time

import msgpack
import numpy as np
from websockets.asyncio.server import serve
from websockets.exceptions import ConnectionClosed


def write(value):
    if isinstance(value, np.ndarray):
        return {
            b"__ndarray__": True, b"data": value.tobytes(), b"dtype": value.dtype.str, b"shape": value.shape,
        }  # fmt: skip
    raise TypeError(type(value))


def read(value):
    if b"__ndarray__" in value:
        shape = tuple(value[b"shape"])
        return np.frombuffer(value[b"data"], np.dtype(value[b"dtype"])).reshape(shape)
    return value


def actions_for(prompt, state):
    chunk = np.tile(state.astype(np.float32), (50, 1))
    if prompt == "nan":
        chunk[3, 3] = np.nan
    if prompt == "shape":
        chunk = chunk[:, :7]
    if prompt == "huge":
        chunk = np.full((50, 14), 1e9)
    return chunk


async def handler(socket):
    await socket.send(msgpack.packb({"served": "facts"}, default=write))
    try:
        while True:
            start = time.monotonic()
            request = msgpack.unpackb(await socket.recv(), object_hook=read, strict_map_key=False)
            prompt = request["prompt"]
            images = request["images"]
            assert set(images) == {"cam_high", "cam_left_wrist", "cam_right_wrist"}
            assert all(image.shape == (3, 224, 224) and image.dtype == np.uint8 for image in images.values())
            assert request["state"].shape == (14,)
            if prompt == "hang":
                await asyncio.sleep(3600)
            if prompt.startswith("late"):
                await asyncio.sleep(float(prompt.split()[1]))
            if prompt == "close":
                await socket.close()
                return
            if prompt == "garbage":
                await socket.send(b"\xc1\xff")
                continue
            if prompt == "text":
                await socket.send("Traceback (most recent call last):\nValueError: boom")
                await socket.close(1011, "Internal server error.")
                return
            answer = {
                "actions": actions_for(prompt, request["state"]),
                "policy_timing": {"infer_ms": 1.0},
                "server_timing": {"infer_ms": 1000 * (time.monotonic() - start)},
            }
            await socket.send(msgpack.packb(answer, default=write))
    except ConnectionClosed:
        pass


def health(connection, request):
    if request.path == "/healthz":
        return connection.respond(http.HTTPStatus.OK, "OK\n")
    return None


async def main(port):
    options = {"compression": None, "max_size": None, "process_request": health}
    async with serve(handler, "127.0.0.1", port, **options):
        print("ready", flush=True)
        await asyncio.get_running_loop().create_future()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
