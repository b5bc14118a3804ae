"""The machine: atomic files, private folders, processes, the editor, progress."""
