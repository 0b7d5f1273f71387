"""The Official Account: OpenAPI, OAuth, and signed webhooks."""
