"""The only package that runs git: processes, snapshots, commits, branches, hooks, signatures."""
