"""How large a record may be."""

LARGEST_RECORD = 1_048_576
"""Bytes. A record is text; attachments stay out of git. Larger blobs are never read into memory."""
