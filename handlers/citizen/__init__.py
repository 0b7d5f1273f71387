"""A citizen writes."""
