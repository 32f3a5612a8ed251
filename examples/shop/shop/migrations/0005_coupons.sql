CREATE TABLE coupons (
    code               text PRIMARY KEY CHECK (code = upper(code)),
    kind               text NOT NULL CHECK (kind IN ('percent', 'amount')),
    value              integer NOT NULL CHECK (value > 0),
    min_subtotal_cents bigint NOT NULL DEFAULT 0,
    category_id        integer REFERENCES categories,
    ends_at            timestamptz,
    max_uses           integer,
    used               integer NOT NULL DEFAULT 0,
    CHECK (kind <> 'percent' OR value <= 100),
    CHECK (max_uses IS NULL OR used <= max_uses)
);
