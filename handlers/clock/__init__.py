"""The clock ticks."""
