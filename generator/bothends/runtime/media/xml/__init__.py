"""XML, as the `xml` objects of a contract write it (OpenAPI 3.1 §4.8.26).

    codec.py    reads and writes the values of a media type or a part
    mapping.py  how the values of a schema are written, where they have one exact form
    name.py     the names of elements and attributes, and what a schema is written as
    text.py     from a text to a value
    writer.py   from a value to a text

Who asks how a schema is written needs no codec, nor pydantic, so nothing is imported here.
"""
