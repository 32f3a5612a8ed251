from __future__ import annotations

from flask import Blueprint, Response, jsonify, request

from shop.errors import Invalid
from shop.web import customer_id, services
from shop.web.body import fields

blueprint = Blueprint("carts", __name__, url_prefix="/cart")


def cart_id() -> str:
    """The customer's own cart, else the anonymous one that the client names."""
    if "Authorization" in request.headers:
        return f"customer-{customer_id()}"
    name = request.headers.get("X-Cart", "")
    if not 16 <= len(name) <= 64:
        raise Invalid("X-Cart header is missing or malformed")
    return name


@blueprint.post("")
def create() -> tuple[Response, int]:
    return jsonify(cart=services().carts.new_id()), 201


@blueprint.get("")
def show() -> Response:
    items = services().carts.items(cart_id())
    if not items:
        return jsonify(items={}, total_cents=0)
    coupons = request.args.getlist("coupon")
    quoted = services().orders.quote(items, coupons=coupons, country=request.args.get("country", "DE"))
    return jsonify(
        items=items,
        subtotal_cents=quoted.subtotal,
        discount_cents=quoted.discount,
        shipping_cents=quoted.shipping,
        tax_cents=quoted.tax,
        total_cents=quoted.total,
        coupons=quoted.codes,
    )


@blueprint.post("/items")
def add() -> tuple[Response, int]:
    body = fields(sku=str, quantity=int)
    services().catalogue.get(body["sku"])
    quantity = services().carts.add(cart_id(), body["sku"], body["quantity"])
    return jsonify(sku=body["sku"], quantity=quantity), 201


@blueprint.put("/items/<sku>")
def change(sku: str) -> tuple[str, int]:
    services().carts.set(cart_id(), sku, fields(quantity=int)["quantity"])
    return "", 204
