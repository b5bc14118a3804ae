"""Who can read private values: identities, the keyring, tokens, secret sharing."""
