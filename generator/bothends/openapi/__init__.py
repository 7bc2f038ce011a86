"""What OpenAPI itself is, for every room of the line: it changes no contract and judges none.

`pointer` and `reference` name and follow places, `grammar` says which object belongs where,
`contract` and `walk` find the objects of a document, `pagination` reads how pages follow each
other, `schema_cost` counts what a validator does, `version` says which version of OpenAPI a
document states, `type_algebra` joins types of the IR.
"""
