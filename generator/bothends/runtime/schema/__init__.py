"""The contract layer: judges values by the contract.json of a package, and makes sample values."""
