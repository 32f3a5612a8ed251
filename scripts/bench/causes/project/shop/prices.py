"""What the tests call: a short wait, as of a query, and a calculation."""

import time


def price(number):
    time.sleep(0.05)
    return number * 2


def total(number):
    result = 0
    for each in range(1_500_000):
        result += each % number
    return result
