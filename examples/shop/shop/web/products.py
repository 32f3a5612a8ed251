from __future__ import annotations

from flask import Blueprint, Response, jsonify, request

from shop.catalogue import NewProduct
from shop.web import services
from shop.web.body import fields, number

blueprint = Blueprint("products", __name__, url_prefix="/products")


@blueprint.get("")
def search() -> Response:
    found = services().catalogue.search(
        request.args.get("q", ""),
        category=request.args.get("category"),
        min_cents=number("min"),
        max_cents=number("max"),
        page=number("page", 1) or 0,
        size=number("size", 20) or 0,
    )
    return jsonify(total=found.total, items=found.items, categories=found.categories)


@blueprint.get("/<sku>")
def show(sku: str) -> Response:
    return jsonify(services().catalogue.get(sku))


@blueprint.post("")
def create() -> tuple[Response, int]:
    body = fields(sku=str, name=str, category=str, price_cents=int)
    known = {key: value for key, value in body.items() if key in NewProduct.__dataclass_fields__}
    services().catalogue.add(NewProduct(**known))
    return jsonify(services().catalogue.get(body["sku"])), 201


@blueprint.post("/import")
def bulk() -> Response:
    result = services().catalogue.import_csv(request.get_data(as_text=True))
    return jsonify(created=result.created, updated=result.updated, errors=result.errors)


@blueprint.delete("/<sku>")
def delete(sku: str) -> tuple[str, int]:
    services().catalogue.delete(sku)
    return "", 204
