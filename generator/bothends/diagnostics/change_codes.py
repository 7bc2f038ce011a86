"""What each kind of change means that `bothends diff` tells, by its code.

In reports for programs and in a ledger of agreed changes the codes begin with `diff-`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

PREFIX: Final = "diff-"

_AROUND = {
    "contract-gone": "A contract that was committed is not there any more.",
    "operation-added": "An operation is new: a method of a path, a webhook or a callback.",
    "operation-gone": "An operation is gone. Who calls it, or waits for it, is left without it.",
    "operation-path-taken": "A new path is more concrete than that of an operation, and takes "
    "requests that it answered.",
    "callback-moved": "A callback is sent to another place than the one that requests name now.",
    "server-added": "A server is new, or a variable of its URL may have more values.",
    "server-gone": "No server has this URL any more, whatever its variables are.",
    "server-default-changed": "Another server is the first one, or a variable of its URL has "
    "another default: clients without `base_url` send there.",
    "deprecated": "An operation or parameter is deprecated now, or no longer. It works as before.",
    "sunset-changed": "The day is another one on which a deprecated operation ends (`x-sunset`).",
    "on-invalid-changed": "A request that breaks the contract gets another documented reply "
    "(`x-on-invalid`).",
    "security-narrowed": "Credentials that were enough are not enough any more.",
    "security-widened": "Credentials are enough now that were not, or none are needed.",
    "security-scheme-changed": "The credentials of a scheme are presented in another way.",
    "security-scheme-renamed": "A scheme has another name and is the same otherwise. No name of a "
    "scheme travels, but arguments of a client are called by it.",
    "security-flows-changed": "Tokens are got at another place or in another way.",
    "claim-added": "The vendor's documentation is said to state something that it was not.",
    "claim-gone": "The vendor's documentation is no longer said to state this.",
    "claim-changed": "The vendor's documentation is said to state this in other words.",
    "claim-moved": "A claim is found in another section or document.",
    "claim-passage-changed": "The passage that a claim rests on has another fingerprint. Read "
    "again what rests on the claim.",
}
_MESSAGES = {
    "request-parameter-added": "A parameter is new and optional.",
    "request-parameter-required": "A parameter is new and required: calls without it are refused.",
    "request-parameter-gone": "A parameter is gone: what is said by it is not understood any more.",
    "request-parameter-style": "A parameter is written otherwise: another style, explode, or "
    "`content` in place of `schema`.",
    "request-required": "A parameter or the body became required.",
    "request-optional": "A parameter or the body became optional.",
    "request-body-added": "A request may have a body, and could have none.",
    "request-body-gone": "A request has no body any more.",
    "reply-body-gone": "A reply has no body any more.",
    "reply-status-added": "A status is documented by itself that a range or `default` described.",
    "reply-status-gone": "A status is no longer documented, or described by a range or `default`.",
    "reply-success-added": "A reply that is no error is new: readers do not know its status.",
    "reply-error-added": "An error is new. Readers see an undocumented one by its status as well.",
    "reply-header-added": "A header of a reply is new.",
    "reply-header-gone": "A header of a reply is no longer documented. It could be missing before.",
    "reply-header-optional": "A header of a reply may be missing, and was always there.",
    "reply-header-required": "A header of a reply is always there, and could be missing.",
    "reply-header-style": "A header of a reply is written otherwise: another `explode`, or "
    "`content` in place of `schema`.",
    "default-changed": "A value that is left out means another value than before.",
    "readonly-changed": "A property is sent by the server alone now, or no longer.",
    "writeonly-changed": "A property is sent by callers alone now, or no longer.",
    "deprecated-changed": "A schema or property is deprecated now, or no longer.",
    "xml-changed": "In XML a value is another element or attribute than before: whoever sends or "
    "reads XML must change with it. Where no XML is read, it is a note.",
    "encoding-changed": "What is inside a text is another thing. No text is refused for it.",
    "discriminator-changed": "Another property tells which member of a union a value is, or a "
    "value of it means another member.",
}
_EITHER = {
    "narrowed": "Fewer values are allowed than before. The example is one of those that are not.",
    "widened": "More values are allowed than before. The example is one of those that are new.",
    "changed": "Some values are allowed no more, and others are allowed that were not.",
    "same-values": "The words differ, and the same values are allowed.",
    "unknown": "Nobody could show that the change is safe, and no example was found that breaks.",
    "media-type-added": "A body may have another media type.",
    "media-type-gone": "A body no longer has this media type.",
    "field-style": "A field of a form is written in another style or media type.",
    "part-type": "A part of a multipart body may have other media types.",
    "part-header": "A header of a part became required or optional, or is written otherwise.",
}
_PYTHON = {
    "python-credentials-added": "A client takes other credentials as well.",
    "python-credentials-gone": "A client has no argument for these credentials any more.",
    "python-credentials-type": "An argument of a client takes credentials of another kind.",
    "python-method-added": "A method is new.",
    "python-method-gone": "A method is gone, or has another name.",
    "python-argument-added": "A method takes another argument; if it is required, calls fail.",
    "python-argument-gone": "A method does not take an argument any more.",
    "python-argument-required": "An argument that could be left out is required.",
    "python-argument-type": "An argument has another type.",
    "python-argument-position": "An argument is passed at another position, or by keyword alone.",
    "python-argument-place": "An argument fills another place of the same path.",
    "python-result-type": "A method returns another type.",
    "python-error-type": "The body of an error has another type.",
    "python-class-gone": "A class is gone, or has another name: importing it fails.",
    "python-field-added": "A class has another field; if it is required, its constructor needs it.",
    "python-field-gone": "A class has lost a field, or it has another name.",
    "python-field-type": "A field has another type, or became required or optional.",
}

CHANGE_CODES: Final[Mapping[str, str]] = {
    **_AROUND,
    **_MESSAGES,
    **{
        f"{direction}-{effect}": text
        for direction in ("request", "reply")
        for effect, text in _EITHER.items()
    },
    **_PYTHON,
}
"""The text of each code, without its prefix."""
