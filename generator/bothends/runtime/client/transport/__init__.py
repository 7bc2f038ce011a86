"""How a client's requests get there: sockets or an app in process, within a deadline."""
