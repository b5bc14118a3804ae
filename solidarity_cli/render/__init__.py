"""A page or figures as text, one file a format. Each format escapes people's words in one place."""
