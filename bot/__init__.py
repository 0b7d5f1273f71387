"""The running service: the only package that starts things or reads the clock."""
