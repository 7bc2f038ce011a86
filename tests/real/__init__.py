"""Clients and servers that others wrote, against what is generated here: `make real`."""
