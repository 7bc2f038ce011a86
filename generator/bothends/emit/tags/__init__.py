"""The layout by tags: a package whose modules load when they are first touched.

    client/__init__.py      HarbourClient, with a group for each tag     client.repos.list_tags(…)
    client/repos.py         the methods of a group
    operations/repos.py     their records; what names a model is behind a lambda
    errors/repos.py         their documented errors
    server/repos.py         their part of the handler interface
    models/repository.py    the classes of one component, or of one operation
    contract.index.json     where the parts of contract.json begin

The names of a package are those of the flat layout: `from harbour import Repository` works in both.
"""

from bothends.emit.tags.package import emit_tags

__all__ = ["emit_tags"]
