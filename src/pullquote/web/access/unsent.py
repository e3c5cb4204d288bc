"""How many bytes of a connection its client has yet to take."""

from __future__ import annotations

import asyncio
import struct
import sys


def unsent_bytes(transport: asyncio.WriteTransport) -> int:
    """Bytes that wait in this process, and with them those that wait in the system's own buffer.

    0 while none wait in this process. The system wakes a writer only when a third of its buffer is
    free, so a client that reads slowly moves nothing in this process for long.
    """
    waiting = transport.get_write_buffer_size()
    return waiting + _in_system(transport.get_extra_info("socket").fileno()) if waiting else 0


if sys.platform == "linux":
    import fcntl
    import termios

    def _in_system(descriptor: int) -> int:
        """Bytes that the peer has not acknowledged."""
        try:
            answer = fcntl.ioctl(descriptor, termios.TIOCOUTQ, b"\0\0\0\0")
        except (OSError, ValueError):
            return 0
        size: int = struct.unpack("i", answer)[0]
        return size

else:

    def _in_system(descriptor: int) -> int:
        """Not known on this system."""
        del descriptor
        return 0
