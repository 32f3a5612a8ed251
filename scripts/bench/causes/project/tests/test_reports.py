import time

import pytest


@pytest.mark.parametrize("number", range(12))
def test_report(client, number):
    time.sleep(0.5)
    assert number < 12


def test_last():
    assert True
