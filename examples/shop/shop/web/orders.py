from __future__ import annotations

import datetime as dt

from flask import Blueprint, Response, jsonify

from shop.web import customer_id, services
from shop.web.body import fields, number

blueprint = Blueprint("orders", __name__, url_prefix="/orders")


@blueprint.post("")
def place() -> tuple[Response, int]:
    customer = customer_id()
    cart = f"customer-{customer}"
    body = fields()
    order_id = services().orders.place(customer, services().carts.items(cart), coupons=body.get("coupons", []))
    services().carts.clear(cart)
    return jsonify(id=order_id), 201


@blueprint.get("")
def listing() -> Response:
    size = number("size", 20) or 20
    rows = services().orders.of_customer(customer_id(), before=number("before"), size=min(size, 100))
    return jsonify(orders=rows, next=rows[-1]["id"] if len(rows) == size else None)


@blueprint.get("/<int:order_id>")
def show(order_id: int) -> Response:
    return jsonify(services().orders.get(order_id, customer_id=customer_id()))


@blueprint.post("/<int:order_id>/status")
def move(order_id: int) -> Response:
    services().orders.get(order_id, customer_id=customer_id())
    services().orders.move(order_id, fields(status=str)["status"])
    return jsonify(services().orders.get(order_id))


@blueprint.get("/<int:order_id>/invoice")
def invoice(order_id: int) -> Response:
    services().orders.get(order_id, customer_id=customer_id())
    services().invoices.issue(order_id, dt.datetime.now(dt.timezone.utc).date())
    return Response(services().invoices.text(order_id), mimetype="text/plain")
