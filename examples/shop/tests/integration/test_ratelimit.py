import time

import pytest

from shop.errors import TooManyRequests
from shop.ratelimit import RateLimit

pytestmark = pytest.mark.integration


def test_counts_down_and_refuses(redis):
    limit = RateLimit(redis, "x", limit=3, window_s=60)
    assert [limit.hit("me") for _ in range(3)] == [2, 1, 0]
    with pytest.raises(TooManyRequests) as caught:
        limit.hit("me")
    assert 50 < caught.value.retry_after <= 60


def test_everyone_has_their_own(redis):
    limit = RateLimit(redis, "x", limit=1, window_s=60)
    for i in range(300):
        assert limit.hit(f"user-{i}") == 0


def test_reset(redis):
    limit = RateLimit(redis, "x", limit=1, window_s=60)
    limit.hit("me")
    limit.reset("me")
    assert limit.hit("me") == 0


def test_the_window_slides(redis):
    limit = RateLimit(redis, "x", limit=1, window_s=0.6)
    limit.hit("me")
    with pytest.raises(TooManyRequests):
        limit.hit("me")
    time.sleep(0.65)
    assert limit.hit("me") == 0
