import time

import pytest


@pytest.mark.parametrize("number", range(12))
def test_report(client, number):
    time.sleep(0.8)
    assert number < 12


def test_last():
    assert True
