"""The harness's authenticator app gives the codes of RFC 6238, cut to six digits."""
import base64

import pytest
from harness.totp import totp_code

SECRET = base64.b32encode(b"12345678901234567890").decode()


@pytest.mark.parametrize(
    "seconds, code",
    [(59, "287082"), (1111111109, "081804"), (1111111111, "050471"), (1234567890, "005924"),
     (2000000000, "279037"), (20000000000, "353130")],
)
def test_codes_are_those_of_the_standard(seconds, code):
    assert totp_code(SECRET, seconds) == code
