"""Bodies in parts (RFC 2046 §5.1, RFC 7578): an object by names, a list by position.

part_object.py      an object, one part for each property or item of it
part_list.py        a list, one part for each item
parts_codec.py      what both have in common
part.py             one property or item: its parts and their media types
part_headers.py     the headers that a contract describes for a part
part_text.py        objects of a part in XML or YAML
part_value.py       the value of a body: JSON, and files in places of it
bracketed_parts.py  names in brackets
parts.py            parts as bytes between boundaries
"""
