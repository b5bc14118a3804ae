"""Find names and ids however they are spelled."""
