"""One clone and those of others: fetched, joined by fields, proposed, sent; and what must reach them all."""
