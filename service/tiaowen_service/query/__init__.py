"""From a query as typed to what the legs look up."""
