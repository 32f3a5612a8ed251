"""Times services from the place where it runs: DNS, TCP connect, and PostgreSQL over its own protocol.

Standard library only, Python 3.6 or newer, read from stdin by `python -I -S -` with a last line `main({...})` added to it.
Prints one line: the word below, then JSON with the seconds of every single call; what they amount to is reckoned elsewhere.
Nothing is installed and nothing is left behind: its table is a temporary one.
"""
import base64
import hashlib
import hmac
import json
import os
import socket
import struct
import sys
import time
import unicodedata

ANSWER = "PACELINE-PROBE"
# A service that takes longer to answer a connect than this is not slow but gone.
CONNECT_SECONDS = 2.0


class Refused(Exception):
    """A reason in words, with the server's code where it gave one."""

    def __init__(self, message, code=None):
        super().__init__(message)
        self.code = code


def main(order):
    """order: {calls, seconds, prepare, targets: [{host, port, postgres: {user, password, database, queries} | null}]}

    prepare: null, or what is to be done before the tests instead of timing anything: "forget" or "log".
    """
    deadline = time.monotonic() + order["seconds"]
    if order.get("prepare"):
        answers = [prepare(target, order["prepare"]) for target in order["targets"]]
    else:
        answers = [probe(target, order["calls"], deadline) for target in order["targets"]]
    print(ANSWER, json.dumps(answers), flush=True)


def probe(target, calls, deadline):
    answer = {}
    host, port = target["host"], target["port"]
    try:
        answer["dns"], addresses = timed(lambda: resolve(host, port), calls, deadline)
        address = first_that_answers(addresses)
        answer["tcp"], _ = timed(lambda: connect(address).close(), calls, deadline)
    except Exception as error:
        answer["error"] = failure(error)
        return answer
    if target.get("postgres"):
        answer["postgres"] = probe_postgres(address, target["postgres"], calls, deadline)
    return answer


def timed(operation, calls, deadline):
    """The seconds of each call, at least one and no more once the time is up; and what the last one gave."""
    seconds = []
    while True:
        start = time.perf_counter()
        result = operation()
        seconds.append(time.perf_counter() - start)
        if len(seconds) >= calls or time.monotonic() > deadline:
            return seconds, result


def resolve(host, port):
    return [(family, address) for family, _, _, _, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def first_that_answers(addresses):
    """A name may have an IPv6 address on which no server listens."""
    for position, address in enumerate(addresses):
        try:
            connect(address).close()
            return address
        except OSError:
            if position + 1 == len(addresses):
                raise


def connect(address):
    family, where = address
    connection = socket.socket(family, socket.SOCK_STREAM)
    try:
        connection.settimeout(CONNECT_SECONDS)
        connection.connect(where)
        return connection
    except BaseException:
        connection.close()
        raise


def failure(error):
    code = getattr(error, "code", None)
    if isinstance(error, socket.gaierror):
        code = "dns"
    elif isinstance(error, socket.timeout):
        code = "timeout"
    elif isinstance(error, ConnectionRefusedError):
        code = "refused"
    return {"code": code if isinstance(code, str) else None, "message": str(error) or type(error).__name__}


def probe_postgres(address, settings, calls, deadline):
    answer = {}
    # First of all, so that our own statements are not among them.
    if settings.get("queries"):
        answer["queries"] = statements(address, settings)
    try:
        session = Postgres(address, settings)
        answer["auth"] = session.auth
        try:
            # First of all, so that our own statements are not among them.
            answer["connect"], _ = timed(lambda: Postgres(address, settings).close(), calls, deadline)
            answer["select"], _ = timed(lambda: session.query("SELECT 1"), calls, deadline)
            session.query("CREATE TEMP TABLE paceline_probe (n integer)")
            answer["write"], _ = timed(lambda: session.query("INSERT INTO paceline_probe VALUES (1)"), calls, deadline)
        finally:
            session.close()
    except Exception as error:
        answer["error"] = failure(error)
    return answer


def prepare(target, what):
    """Has a PostgreSQL server count its statements from now on, or log every one of them."""
    try:
        host, port = target["host"], target["port"]
        session = Postgres(first_that_answers(resolve(host, port)), maintenance(target["postgres"]))
        try:
            if what == "forget":
                session.query("CREATE EXTENSION IF NOT EXISTS pg_stat_statements")
                session.query("SELECT pg_stat_statements_reset()")
            else:
                session.query("ALTER SYSTEM SET log_min_duration_statement = 0")
                session.query("SELECT pg_reload_conf()")
        finally:
            session.close()
        return {}
    except Exception as error:
        return {"error": failure(error)}


def maintenance(settings):
    """The database that every server has and no test looks into."""
    return dict(settings, database="postgres")


def statements(address, settings):
    """What pg_stat_statements knows of all databases, where the project has the server load it; else None."""
    try:
        session = Postgres(address, maintenance(settings))
        try:
            loaded = session.query("SHOW shared_preload_libraries")[0][0]
            if "pg_stat_statements" not in loaded:
                return None
            session.query("CREATE EXTENSION IF NOT EXISTS pg_stat_statements")
            return most(session, int(settings["queries"]))
        finally:
            session.close()
    except Exception as error:
        return {"error": failure(error)}


def most(session, limit):
    # Renamed with PostgreSQL 13.
    renamed = int(session.query("SHOW server_version_num")[0][0]) >= 130000
    total, longest = ("total_exec_time", "max_exec_time") if renamed else ("total_time", "max_time")
    view = "pg_stat_statements WHERE query NOT LIKE '%pg_stat_statements%' AND query NOT LIKE 'SHOW %'"
    sums = session.query("SELECT coalesce(sum(calls), 0), coalesce(sum({0}), 0) FROM {1}".format(total, view))[0]
    query = "SELECT left(query, 500), sum(calls), sum({0}), max({1}) FROM {2} GROUP BY 1 ORDER BY {3} DESC LIMIT {4}"
    orders = ("sum({0})".format(total), "sum(calls)")
    slowest, frequent = [session.query(query.format(total, longest, view, order, limit)) for order in orders]
    return {"calls": float(sums[0]), "ms": float(sums[1]), "slowest": slowest, "mostFrequent": frequent}


class Postgres:
    """One session by the frontend/backend protocol 3.0, without TLS: trust, password, md5 and SCRAM-SHA-256.

    https://www.postgresql.org/docs/current/protocol-message-formats.html
    """

    def __init__(self, address, settings):
        self.auth = "trust"
        self.settings = settings
        self.socket = connect(address)
        try:
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.reader = self.socket.makefile("rb")
            self.start()
        except BaseException:
            self.socket.close()
            raise

    def start(self):
        parameters = {"user": self.settings["user"], "database": self.settings["database"], "application_name": "paceline"}
        words = b"".join(text(key) + text(value) for key, value in parameters.items()) + b"\0"
        body = struct.pack("!I", 196608) + words
        self.socket.sendall(struct.pack("!I", len(body) + 4) + body)
        kind, body = self.receive()
        while kind != b"Z":
            if kind == b"R":
                self.authenticate(body)
            kind, body = self.receive()

    def authenticate(self, body):
        (method,) = struct.unpack("!I", body[:4])
        if method == 0:
            return
        if method == 3:
            self.auth = "password"
            self.send(b"p", text(self.password()))
        elif method == 5:
            self.auth = "md5"
            inner = hashlib.md5((self.password() + self.settings["user"]).encode()).hexdigest()
            self.send(b"p", text("md5" + hashlib.md5(inner.encode() + body[4:8]).hexdigest()))
        elif method == 10:
            self.auth = "scram-sha-256"
            self.scram(body[4:].split(b"\0"))
        else:
            raise Refused("authentication method %d is not one of trust, password, md5 and SCRAM-SHA-256" % method)

    def password(self):
        password = self.settings.get("password")
        if password is None:
            raise Refused("the server asks for a password, and the service's environment has none", "no-password")
        return password

    def scram(self, mechanisms):
        """RFC 5802 and RFC 7677, without channel binding, which needs TLS."""
        if b"SCRAM-SHA-256" not in mechanisms:
            raise Refused("the server offers no SCRAM-SHA-256 without TLS")
        nonce = base64.b64encode(os.urandom(18)).decode()
        first_bare = "n=,r=" + nonce
        first = ("n,," + first_bare).encode()
        self.send(b"p", b"SCRAM-SHA-256\0" + struct.pack("!I", len(first)) + first)

        server_first = self.sasl(11)
        fields = dict(field.split("=", 1) for field in server_first.split(","))
        if not fields["r"].startswith(nonce):
            raise Refused("the server's SCRAM nonce does not continue ours")
        # SASLprep, as far as passwords in test environments need it.
        password = unicodedata.normalize("NFKC", self.password()).encode()
        salted = hashlib.pbkdf2_hmac("sha256", password, base64.b64decode(fields["s"]), int(fields["i"]))
        client_key = hmac.new(salted, b"Client Key", "sha256").digest()
        final_bare = "c=biws,r=" + fields["r"]
        exchange = ",".join([first_bare, server_first, final_bare]).encode()
        signature = hmac.new(hashlib.sha256(client_key).digest(), exchange, "sha256").digest()
        proof = base64.b64encode(bytes(a ^ b for a, b in zip(client_key, signature))).decode()
        self.send(b"p", (final_bare + ",p=" + proof).encode())

        server_key = hmac.new(salted, b"Server Key", "sha256").digest()
        expected = base64.b64encode(hmac.new(server_key, exchange, "sha256").digest()).decode()
        if self.sasl(12) != "v=" + expected:
            raise Refused("the server does not know the password either: its SCRAM signature is wrong")

    def sasl(self, expected):
        kind, body = self.receive()
        if kind != b"R" or struct.unpack("!I", body[:4])[0] != expected:
            raise Refused("the server broke off its SCRAM exchange")
        return body[4:].decode()

    def query(self, sql):
        """The rows, every value as text or None."""
        self.send(b"Q", text(sql))
        rows = []
        refusal = None
        while True:
            kind, body = self.receive(raises=False)
            if kind == b"D":
                rows.append(row_of(body))
            elif kind == b"E":
                refusal = refused(body)
            elif kind == b"Z":
                break
        if refusal is not None:
            raise refusal
        return rows

    def send(self, kind, body):
        self.socket.sendall(kind + struct.pack("!I", len(body) + 4) + body)

    def receive(self, raises=True):
        header = self.reader.read(5)
        if len(header) < 5:
            raise Refused("the server closed the connection")
        body = self.reader.read(struct.unpack("!I", header[1:])[0] - 4)
        if header[:1] == b"E" and raises:
            raise refused(body)
        return header[:1], body

    def close(self):
        try:
            self.send(b"X", b"")
        except OSError:
            pass
        self.reader.close()
        self.socket.close()


def text(value):
    return value.encode() + b"\0"


def refused(body):
    fields = {field[:1]: field[1:].decode("utf-8", "replace") for field in body.split(b"\0") if field}
    return Refused(fields.get(b"M", "the server refused"), fields.get(b"C"))


def row_of(body):
    (count,) = struct.unpack("!H", body[:2])
    values, at = [], 2
    for _ in range(count):
        (size,) = struct.unpack("!i", body[at : at + 4])
        at += 4
        values.append(None if size < 0 else body[at : at + size].decode("utf-8", "replace"))
        at += max(0, size)
    return values
