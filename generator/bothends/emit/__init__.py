"""From the named API to the files of a package: one module here per emitted file, and its template.

Nothing here chooses a name, changes the contract's order, or looks at a schema. All that templates
print goes through `source`, and each finished file is checked against the vocabulary of generated
code before anything is written.
"""

from bothends.emit.agreement_test import emit_agreement_test
from bothends.emit.defined import defined_names
from bothends.emit.files import Emitted, emit
from bothends.emit.readme import emit_project, emit_readme
from bothends.emit.signature import argument_names
from bothends.emit.stand_in import emit_stand_in
from bothends.emit.stand_in_added import NoClass, add_methods
from bothends.emit.standalone import runtime_copy, use_own_runtime

__all__ = [
    "Emitted",
    "NoClass",
    "add_methods",
    "argument_names",
    "defined_names",
    "emit",
    "emit_agreement_test",
    "emit_project",
    "emit_readme",
    "emit_stand_in",
    "runtime_copy",
    "use_own_runtime",
]
