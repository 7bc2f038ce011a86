"""Credentials of a client: held, renewed, put on a request."""
