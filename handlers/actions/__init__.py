"""What can be done, whoever does it: record the event, tell those it concerns."""
