"""The layout by tags: the groups that clients have their methods in, and the modules of models.

Example: `GET /repos/{owner}/{repo}/tags` has the tag `repos` and the operationId
`repos/list-tags`. The handler's method is `repos_list_tags`, the client's
`client.repos.list_tags`. `names.lock` keeps both parts of the latter:

    "/paths/~1repos~1{owner}~1{repo}~1tags/get/tags": "repos"
    "/paths/~1repos~1{owner}~1{repo}~1tags/get/tags/method": "list_tags"

A tag that is renamed to `repositories` therefore renames no method. If all operations of `repos`
have the new tag, `client.repositories` becomes another name of the same group.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Literal

from bothends import ir
from bothends.ir import Identifier
from bothends.load import Document
from bothends.name import reserved, words
from bothends.name.lock import Lock
from bothends.name.scope import NameRequest
from bothends.name.scopes import Scope, classes_of_api, component_lock_key, iterator_key
from bothends.openapi.json_value import as_array, as_object
from bothends.openapi.pointer import below, split

Layout = Literal["flat", "tags"]

MOST_OPERATIONS = 100
MOST_COMPONENTS = 300
"""A larger contract is laid out by tags.

pyright analyses no module of some ten thousand lines of classes, and importing a flat package takes
about three milliseconds for each operation with its models.
"""


def choose_layout(setting: str, lock: Lock, api: ir.Api) -> Layout:
    """Return the layout of a package.

    A setting decides. Without one, a package that was generated before keeps its layout, because
    another one would rename what its users call; a new one is laid out by its size.
    """
    if setting == "flat":
        return "flat"
    if setting == "tags" or lock.layout == "tags":
        return "tags"
    if lock.names:
        return "flat"

    is_large = len(api.every_operation) > MOST_OPERATIONS or len(api.components) > MOST_COMPONENTS
    return "tags" if is_large else "flat"


def group_scope(api: ir.Api) -> Scope:
    """The groups of a client, by tag."""
    requests: list[NameRequest] = []
    for tag in dict.fromkeys(operation.tag for operation in api.operations):
        spellings = (_free(words.variable(tag)), words.variable(f"{tag} operations"))
        requests.append(NameRequest(tag_key(tag), spellings, tag))
    return Scope(tuple(requests), reserved.METHODS)


def homes(api: ir.Api, groups: Mapping[str, Identifier], lock: Lock) -> dict[str, Identifier]:
    """Return the group of each operation by lock key: that of the lock, else that of its tag."""
    found: dict[str, Identifier] = {}
    for operation in api.operations:
        key = group_key(operation)
        found[key] = Identifier(lock.names.get(key, groups[tag_key(operation.tag)]))
    return found


def group_aliases(
    api: ir.Api, group_of: Mapping[str, Identifier], names: Mapping[str, Identifier], lock: Lock
) -> dict[str, Identifier]:
    """Return further names of each group by lock key: by its tags, now and in former contracts."""
    of_tag: dict[str, set[Identifier]] = {}
    for operation in api.operations:
        of_tag.setdefault(operation.tag, set()).add(group_of[group_key(operation)])

    groups = set(group_of.values())
    found: dict[str, Identifier] = {}
    for tag, homes in of_tag.items():
        # A tag whose operations are all in one group is another name of it.
        name = names[tag_key(tag)]
        if len(homes) == 1 and name not in groups:
            found[below(_aliases_key(next(iter(homes))), name)] = name

    taken = {*groups, *found.values(), *(names[tag_key(tag)] for tag in of_tag), *reserved.METHODS}
    for group in groups:
        start = f"{_aliases_key(group)}/"
        for key, former in lock.names.items():
            if key.startswith(start) and former not in taken:
                found[key] = Identifier(former)
    return found


def member_scopes(
    api: ir.Api, group_of: Mapping[str, Identifier], methods: Mapping[str, Identifier]
) -> list[Scope]:
    """The methods of each group: those of the handler without the name of the group."""
    requests: dict[Identifier, list[NameRequest]] = {}
    for operation in api.operations:
        group = group_of[group_key(operation)]
        members = requests.setdefault(group, [])
        flat = methods[operation.pointer]
        members.append(NameRequest(member_key(operation), (_member(group, flat), flat)))
        if isinstance(operation.pages, ir.Pages):
            flat = methods[iterator_key(operation)]
            # `harbours.list_` gives pages of what `harbours.iterate` yields.
            short = flat.removeprefix("iterate_").removeprefix(group).strip("_")
            items = "" if short == "list" else short.removeprefix("list_")
            spellings = (words.variable(f"iterate {items}"), flat)
            members.append(NameRequest(below(iterator_key(operation), "method"), spellings))

    return [Scope(tuple(members), reserved.METHODS) for members in requests.values()]


def module_scope(
    api: ir.Api,
    lock_key: Callable[[str], str],
    methods: Mapping[str, Identifier],
    classes: frozenset[str],
) -> Scope:
    """The modules of models: one for each component, or operation, with its inline objects."""
    found = {home_of(component_lock_key(lock_key, c)) for c in api.components}
    requests: list[NameRequest] = []
    for home in sorted(found):
        last = split(home)[-1] if home.startswith("/") else home
        name = methods.get(home) or words.variable(last.removesuffix(".yaml"))
        longer = words.variable(home.removeprefix("/components").removeprefix("/paths"))
        requests.append(NameRequest(below(home, "module"), (name, longer)))

    return Scope(tuple(requests), frozenset(classes))


def home_of(component_key: str) -> str:
    """Return the part of a contract whose models share a module with that of a lock key.

    It is the component or the operation that the schema is written in.
    """
    file, is_other_file, pointer = component_key.rpartition("#")
    parts = split(pointer)
    if is_other_file:
        return f"{file}#{below('', *parts[:2])}"
    return below("", *parts[: 2 if parts[0] == "definitions" else 3])


def arrange(
    api: ir.Api,
    names: Mapping[str, Identifier],
    document: Document,
    lock_key: Callable[[str], str],
) -> ir.Api:
    """Write groups and modules into a named API."""

    def in_group(operation: ir.Operation) -> ir.Operation:
        pages = operation.pages
        if isinstance(pages, ir.Pages):
            pages = replace(pages, member=names[below(iterator_key(operation), "method")])
        group, member = names[group_key(operation)], names[member_key(operation)]
        return replace(operation, group=group, member=member, pages=pages)

    def module(component: ir.Model | ir.Alias) -> Identifier:
        home = home_of(component_lock_key(lock_key, component))
        return names[below(home, "module")]

    operations = tuple(map(in_group, api.operations))
    models = [replace(model, module=module(model)) for model in api.models]
    aliases = [replace(alias, module=module(alias)) for alias in api.aliases]
    return replace(
        api,
        layout="tags",
        operations=operations,
        models=tuple(models),
        aliases=tuple(aliases),
        groups=_groups(operations, names, document),
    )


def class_scope(api: ir.Api, own: str, group_of: Mapping[str, Identifier]) -> Scope:
    """What the classes of each group begin with: `HarbourRepos`.

    A tag `client` would make `HarbourClient`, which the client of the whole API is, and the tags
    `v1` and `v_1` the same class twice.
    """
    groups = dict.fromkeys(group_of[group_key(operation)] for operation in api.operations)
    requests: list[NameRequest] = []
    for group in groups:
        word = words.class_name(group)
        spellings = (ir.ClassName(f"{own}{word}"), ir.ClassName(f"{own}{word}Operations"))
        requests.append(NameRequest(class_key(group), spellings, group))
    return Scope(tuple(requests), frozenset(classes_of_api(own)), ir.ClassName)


def class_key(group: str) -> str:
    """Return the key of what the classes of a group begin with."""
    return below("/groups", group, "class")


def _aliases_key(group: str) -> str:
    return below("/groups", group, "names")


def tag_key(tag: str) -> str:
    """Return the key of a tag's group."""
    return below("/tags", tag)


def group_key(operation: ir.Operation) -> str:
    """Return the key of an operation's group."""
    return below(operation.pointer, "tags")


def member_key(operation: ir.Operation) -> str:
    """Return the key of an operation's method in its group."""
    return below(operation.pointer, "tags", "method")


def _groups(
    operations: tuple[ir.Operation, ...],
    names: Mapping[str, Identifier],
    document: Document,
) -> tuple[ir.Group, ...]:
    tags: dict[Identifier, list[str]] = {}
    for operation in operations:
        tags.setdefault(operation.group, []).append(operation.tag)

    descriptions: dict[Any, str] = {}
    for tag in map(as_object, as_array(document.data.get("tags"))):
        descriptions[tag.get("name")] = str(tag.get("description", ""))

    groups: list[ir.Group] = []
    for group, found in tags.items():
        start = f"{_aliases_key(group)}/"
        aliases = [name for key, name in names.items() if key.startswith(start)]
        prefix, description = names[class_key(group)], descriptions.get(found[0], "")
        groups.append(ir.Group(group, ir.ClassName(prefix), description, tuple(aliases)))
    return tuple(groups)


def _member(group: str, method: Identifier) -> Identifier:
    short = method.removeprefix(f"{group}_")
    return _free(words.variable(short)) if short[:1].isalpha() else method


def _free(name: Identifier) -> Identifier:
    """Return the name, with an underscore if the client has one of its own that is so called."""
    return Identifier(f"{name}_") if name in reserved.METHODS else name
