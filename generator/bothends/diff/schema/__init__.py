"""Compares two schemas: where they differ, what each difference means, and what shows it.

comparison.py     one pair of schemas: its differences, and the verdict for each
difference.py     one place where two schemas differ
differences.py    all such places of two schemas
annotations.py    defaults, read-only, discriminators: what no set of values shows
inner_schemas.py  which schema inside one is which inside another
properties.py     the properties that a schema declares
wording.py        a changed keyword as a sentence

plain.py          schemas without annotations, each name with its side
components.py     the components of both contracts
closing.py        schemas without properties that nobody declares
formats.py        text formats, which the algebra of sets does not know
wire_text.py      scalars that travel as text
containment.py    does a schema contain another?
witness.py        a value that shows the difference
"""
