"""Parameters and headers as text, in every style of OpenAPI."""
