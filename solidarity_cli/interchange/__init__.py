"""Files in and out: e-mail, spreadsheets, documents."""
