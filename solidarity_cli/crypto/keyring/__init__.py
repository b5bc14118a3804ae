"""The keys of records, wrapped for each recipient."""
