"""Keep the tests' processes from real-time priority.

As root, SVT-AV1, which writes some of the recordings, makes the process that it is called in one of real time
(FIFO 99). What that process starts inherits it: browsers and servers then keep everything else waiting.
"""

import ctypes
import os
import sys

PR_CAPBSET_DROP = 24  # linux/prctl.h
CAP_SYS_NICE = 23  # linux/capability.h
CAPABILITY_VERSION_3 = 0x20080522


class _Header(ctypes.Structure):
    _fields_ = [("version", ctypes.c_uint32), ("pid", ctypes.c_int)]


class _Sets(ctypes.Structure):
    _fields_ = [(name, ctypes.c_uint32) for name in ("effective", "permitted", "inheritable")]


def stay_ordinary() -> None:
    """Give up the capability to raise priorities, for this process and all that it starts."""
    if sys.platform != "linux" or os.geteuid() != 0:
        return
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(PR_CAPBSET_DROP, CAP_SYS_NICE)
    header, sets = _Header(CAPABILITY_VERSION_3, 0), (_Sets * 2)()
    libc.capget(ctypes.byref(header), sets)
    for name in ("effective", "permitted", "inheritable"):
        setattr(sets[0], name, getattr(sets[0], name) & ~(1 << CAP_SYS_NICE))
    libc.capset(ctypes.byref(header), sets)
