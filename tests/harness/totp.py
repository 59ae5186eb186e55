"""The code that an authenticator app shows, by the standard library alone."""
import base64
import hashlib
import hmac
import struct

STEP_SECONDS = 30


def totp_code(secret, seconds):
    """Six digits for a base32 secret at an instant, in seconds since the epoch (RFC 6238)."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    mac = hmac.new(key, struct.pack(">Q", int(seconds) // STEP_SECONDS), hashlib.sha1).digest()
    offset = mac[-1] & 15
    number = struct.unpack(">I", mac[offset:offset + 4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06d}"
