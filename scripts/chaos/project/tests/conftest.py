"""One second per test, on one connection to Redis. Each execution of a suite leaves a record."""

import os
import socket
import time
import uuid
from pathlib import Path

import pytest


@pytest.fixture(scope="module")
def record(request):
    path = Path("/records") / f"{Path(request.node.name).stem}-{uuid.uuid4()}.txt"
    path.write_text("begun\n")
    yield path
    with path.open("a") as file:
        file.write("ended\n")


@pytest.fixture(scope="module")
def redis():
    with socket.create_connection((os.environ["REDIS_HOST"], 6379), timeout=10) as connection:
        yield connection


@pytest.fixture
def step(record, redis):
    def take(number):
        time.sleep(1)
        redis.sendall(b"INCR step\r\n")
        assert redis.recv(64) == f":{number}\r\n".encode()

    return take
