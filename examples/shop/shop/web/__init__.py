"""The JSON API."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask, Response, current_app, jsonify, request
from redis import Redis

from shop.accounts import Accounts
from shop.cache import Cache
from shop.carts import Carts
from shop.catalogue import Catalogue
from shop.config import Settings
from shop.database import Database, PooledDatabase
from shop.errors import ShopError, TooManyRequests, Unauthorized
from shop.invoices import Invoices
from shop.orders import Orders
from shop.reports import Reports
from shop.stock import Stock


@dataclass(frozen=True)
class Services:
    db: Database
    redis: Redis
    catalogue: Catalogue
    carts: Carts
    stock: Stock
    accounts: Accounts
    orders: Orders
    invoices: Invoices
    reports: Reports

    @classmethod
    def build(cls, settings: Settings, db: Database, redis: Redis) -> Services:
        catalogue = Catalogue(db, Cache(redis, ttl_s=settings.search_cache_ttl_s))
        stock = Stock(db)
        accounts = Accounts(
            db, redis, session_ttl_s=settings.session_ttl_s, logins_per_minute=settings.logins_per_minute
        )
        orders = Orders(db, catalogue, stock, accounts)
        return cls(
            db, redis, catalogue, Carts(redis, ttl_s=settings.cart_ttl_s), stock, accounts, orders,
            Invoices(db, orders), Reports(db),
        )


def services() -> Services:
    found: Services = current_app.extensions["shop"]
    return found


def token() -> str:
    scheme, _, value = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not value:
        raise Unauthorized("not logged in")
    return value


def customer_id() -> int:
    return services().accounts.customer_of(token())


def create_app(settings: Settings | None = None, *, db: Database | None = None, redis: Redis | None = None) -> Flask:
    settings = settings or Settings.from_env()
    db = db or PooledDatabase(
        settings.database_url,
        size=settings.pool_size,
        statement_timeout_ms=settings.statement_timeout_ms,
        lock_timeout_ms=settings.lock_timeout_ms,
    )
    redis = redis or Redis.from_url(settings.redis_url, decode_responses=True)
    app = Flask("shop")
    app.extensions["shop"] = Services.build(settings, db, redis)

    from shop.web import accounts, carts, orders, products, reports

    for module in (accounts, carts, orders, products, reports):
        app.register_blueprint(module.blueprint)

    @app.errorhandler(ShopError)
    def known(error: ShopError) -> tuple[Response, int, dict[str, str]]:
        headers = {}
        if isinstance(error, TooManyRequests):
            headers["Retry-After"] = str(int(error.retry_after) + 1)
        return jsonify(error={"code": error.code, "message": str(error)}), error.status, headers

    @app.get("/health")
    def health() -> Response:
        with services().db.transaction() as conn:
            conn.execute("SELECT 1")
        services().redis.ping()
        return jsonify(status="ok")

    return app
