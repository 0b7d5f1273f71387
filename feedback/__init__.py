"""The words and the rules: standard library only, no input or output, never asks the time."""
