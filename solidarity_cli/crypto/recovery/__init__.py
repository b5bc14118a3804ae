"""The recovery identity, split into shares on paper."""
