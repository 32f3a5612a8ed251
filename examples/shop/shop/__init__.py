"""Shop: a small web shop on PostgreSQL and Redis."""
