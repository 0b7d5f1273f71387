"""What we can answer: the reviewed entries, and how a question finds its entry."""
