"""A page or figures as text, one file a format."""
