CREATE TABLE products (name text);
