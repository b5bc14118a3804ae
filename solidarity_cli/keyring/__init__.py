"""Who may unseal: tokens in records, a key for each record, wrapped for each recipient, kept outside all history."""
