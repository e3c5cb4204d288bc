"""The bytes of a connection that its client has not read yet."""

from __future__ import annotations

import asyncio
import struct
import sys


def unsent_bytes(transport: asyncio.WriteTransport) -> int:
    """Unread bytes in the buffers of this process and of the system; 0 if this process has none.

    The system accepts more bytes only when a third of its buffer is free. So, if a client
    reads slowly, this process's own buffer may stay the same size for a long time.
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
        """Always 0, because the number is not known on this system."""
        del descriptor
        return 0
