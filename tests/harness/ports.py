"""Free ports for the programs that a test starts."""
import random
import socket

_taken = set()


def free_port(*offsets):
    """A port that is free on the loopback address, and so are the ports at these distances from it."""
    for _ in range(500):
        # Below the range that the kernel hands out for outgoing connections (32768 and up).
        port = random.randrange(15000, 32000)
        wanted = {port, *(port + offset for offset in offsets)}
        if not wanted & _taken and all(_is_free(each) for each in wanted):
            _taken.update(wanted)
            return port
    raise RuntimeError("no free port found")


def _is_free(port):
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
