"""What the words of an appeal suggest; a person decides."""
