from __future__ import annotations

from flask import Blueprint, Response

from shop.errors import NotFound
from shop.reports import to_csv
from shop.web import services

blueprint = Blueprint("reports", __name__, url_prefix="/reports")


@blueprint.get("/<name>/<int:year>.csv")
def yearly(name: str, year: int) -> Response:
    reports = services().reports
    known = {
        "sales": reports.monthly_sales,
        "tax": reports.tax_by_country,
        "retention": reports.retention,
        "ledger": reports.ledger,
    }
    if name not in known:
        raise NotFound(f"no report {name}")
    return Response(to_csv(known[name](year)), mimetype="text/csv")
