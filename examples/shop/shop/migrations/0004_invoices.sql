CREATE TABLE invoice_counters (
    year integer PRIMARY KEY,
    last integer NOT NULL
);

CREATE TABLE invoices (
    order_id  bigint PRIMARY KEY REFERENCES orders,
    year      integer NOT NULL,
    number    integer NOT NULL,
    issued_on date NOT NULL,
    UNIQUE (year, number)
);
