"""One file a channel: read what comes in, send what goes out, and nothing else."""
