"""Record files as text: read fast, edited in place, written in one canonical form. The only package that knows YAML.

Import from the file that does the work: reading is needed by every command, ruamel only by those that write.
"""
