import os
import socket

import pytest


@pytest.fixture(scope="session")
def cache():
    with socket.create_connection((os.environ["CACHE_HOST"], 6379), timeout=10) as connection:
        yield connection


@pytest.fixture
def client(cache):
    cache.sendall(b"PING\r\n")
    assert cache.recv(64) == b"+PONG\r\n"
    return cache
