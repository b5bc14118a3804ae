"""A saved message taken apart: headers, text, attachments, messages inside it."""
