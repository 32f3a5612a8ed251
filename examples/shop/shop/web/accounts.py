from __future__ import annotations

from flask import Blueprint, Response, jsonify, request

from shop.web import customer_id, services, token
from shop.web.body import fields

blueprint = Blueprint("accounts", __name__)


@blueprint.post("/customers")
def register() -> tuple[Response, int]:
    body = fields(email=str, name=str, password=str, country=str)
    made = services().accounts.register(
        body["email"], body["name"], body["password"], body["country"], body.get("vat_number")
    )
    return jsonify(id=made), 201


@blueprint.post("/sessions")
def login() -> tuple[Response, int]:
    body = fields(email=str, password=str)
    made = services().accounts.login(body["email"], body["password"])
    anonymous = request.headers.get("X-Cart")
    if anonymous:
        owner = services().accounts.customer_of(made)
        services().carts.merge(anonymous, f"customer-{owner}")
    return jsonify(token=made), 201


@blueprint.delete("/sessions")
def logout() -> tuple[str, int]:
    services().accounts.logout(token())
    return "", 204


@blueprint.get("/me")
def me() -> Response:
    return jsonify(services().accounts.get(customer_id()))
