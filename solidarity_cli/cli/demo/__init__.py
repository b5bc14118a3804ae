"""The demo: a story told by the real program, on seven invented mails. Data and a stage; it knows no case."""
