"""Shut doors: keys, rates, files read apart from the service, what is written to the audit log."""
