CREATE TABLE orders (
    id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    customer_id    bigint NOT NULL REFERENCES customers,
    status         text NOT NULL DEFAULT 'placed'
                   CHECK (status IN ('placed', 'paid', 'shipped', 'cancelled', 'refunded')),
    country        char(2) NOT NULL,
    subtotal_cents bigint NOT NULL,
    discount_cents bigint NOT NULL,
    shipping_cents bigint NOT NULL,
    tax_cents      bigint NOT NULL,
    total_cents    bigint NOT NULL,
    placed_at      timestamptz NOT NULL DEFAULT now(),
    CHECK (total_cents = subtotal_cents - discount_cents + shipping_cents + tax_cents)
);
CREATE INDEX orders_by_customer ON orders (customer_id, placed_at DESC);
CREATE INDEX orders_by_time ON orders (placed_at);

CREATE TABLE order_lines (
    order_id         bigint NOT NULL REFERENCES orders ON DELETE CASCADE,
    position         integer NOT NULL,
    product_id       bigint NOT NULL REFERENCES products,
    quantity         integer NOT NULL CHECK (quantity > 0),
    unit_price_cents bigint NOT NULL,
    discount_cents   bigint NOT NULL,
    tax_cents        bigint NOT NULL,
    PRIMARY KEY (order_id, position)
);
CREATE INDEX order_lines_by_product ON order_lines (product_id);

CREATE TABLE order_events (
    id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    order_id bigint NOT NULL REFERENCES orders ON DELETE CASCADE,
    event    text NOT NULL,
    detail   jsonb NOT NULL DEFAULT '{}',
    at       timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX order_events_by_order ON order_events (order_id, id);

CREATE TABLE reservations (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    order_id   bigint REFERENCES orders ON DELETE CASCADE,
    product_id bigint NOT NULL REFERENCES products,
    quantity   integer NOT NULL CHECK (quantity > 0),
    expires_at timestamptz NOT NULL
);
CREATE INDEX reservations_by_order ON reservations (order_id);
CREATE INDEX reservations_by_expiry ON reservations (expires_at);
