"""The sentences about one case: its page on a screen, its paper, its packet. A file a language."""
