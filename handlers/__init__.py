"""What happens when a citizen writes, an officer clicks, the clock ticks."""
