"""From the named API to the files of a package: one module here per emitted file, and its template.

Nothing here chooses a name, changes the contract's order, or looks at a schema. All that templates
print goes through `source`, and each finished file is checked against the vocabulary of generated
code before anything is written.

Each name loads when it is first used: a comparison writes annotations, and renders no template.
"""

from typing import TYPE_CHECKING

from bothends.runtime.exports import lazy_exports

if TYPE_CHECKING:
    from bothends.emit.agreement_test import emit_agreement_test as emit_agreement_test
    from bothends.emit.at_work import PartFault as PartFault
    from bothends.emit.at_work import part_at_work as part_at_work
    from bothends.emit.defined import defined_names as defined_names
    from bothends.emit.files import Emitted as Emitted
    from bothends.emit.files import emit as emit
    from bothends.emit.readme import emit_project as emit_project
    from bothends.emit.readme import emit_readme as emit_readme
    from bothends.emit.signature import argument_names as argument_names
    from bothends.emit.stand_in import emit_stand_in as emit_stand_in
    from bothends.emit.stand_in_added import NoClass as NoClass
    from bothends.emit.stand_in_added import add_methods as add_methods
    from bothends.emit.standalone import runtime_copy as runtime_copy
    from bothends.emit.standalone import use_own_runtime as use_own_runtime

_HOMES = {
    "agreement_test": ("emit_agreement_test",),
    "at_work": ("PartFault", "part_at_work"),
    "defined": ("defined_names",),
    "files": ("Emitted", "emit"),
    "readme": ("emit_project", "emit_readme"),
    "signature": ("argument_names",),
    "stand_in": ("emit_stand_in",),
    "stand_in_added": ("NoClass", "add_methods"),
    "standalone": ("runtime_copy", "use_own_runtime"),
}
__getattr__ = lazy_exports(__name__, _HOMES)
