"""Other clones: fetch, merge by fields, push, submit, resolve; forges; a server of your own."""
