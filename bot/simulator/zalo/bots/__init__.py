"""The Bot Platform: a token in the address, and either a webhook or getUpdates."""
