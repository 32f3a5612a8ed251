CREATE TABLE categories (
    id   integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    slug text NOT NULL UNIQUE,
    name text NOT NULL
);

CREATE TABLE products (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    sku          text NOT NULL UNIQUE,
    name         text NOT NULL CHECK (name <> ''),
    description  text NOT NULL DEFAULT '',
    category_id  integer NOT NULL REFERENCES categories,
    price_cents  bigint NOT NULL CHECK (price_cents >= 0),
    tax_class    text NOT NULL DEFAULT 'standard' CHECK (tax_class IN ('standard', 'reduced', 'zero')),
    weight_grams integer NOT NULL DEFAULT 0 CHECK (weight_grams >= 0),
    active       boolean NOT NULL DEFAULT true,
    created_at   timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX products_by_category ON products (category_id, price_cents) WHERE active;

CREATE TABLE stock (
    product_id bigint PRIMARY KEY REFERENCES products ON DELETE CASCADE,
    on_hand    integer NOT NULL DEFAULT 0 CHECK (on_hand >= 0),
    reserved   integer NOT NULL DEFAULT 0 CHECK (reserved >= 0),
    CHECK (reserved <= on_hand)
);
