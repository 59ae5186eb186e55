"""What the tests of the contract share."""
import pytest
from harness.operations import World


@pytest.fixture(scope="module")
def world(server):
    """Made once on each engine."""
    return World(server)
