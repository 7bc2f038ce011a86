"""The contract layer: what JSON Schema 2020-12 and OpenAPI say of a value, from the contract.json of a package; and values made from a schema."""
