"""The path from annotations to a measured model, walked in one go on a CPU: `python -m ml.loop`."""
