"""Operations of which the fuzzer can make only a few requests."""

from __future__ import annotations

from typing import Any

from bothends.prove.values.finite import is_finite
from bothends.runtime.media import body_media
from bothends.runtime.media.binary import BinaryCodec
from bothends.runtime.operation import Operation
from bothends.runtime.parameters.parameter import parameter_codecs


def has_few_requests(operation: Operation[Any], most: int) -> bool:
    """Whether an operation may have fewer different requests than `most`.

    Of bodies that are nothing but bytes the fuzzer has a handful, such as a picture of each kind.
    """
    # Counting the values of a schema is not decidable in general; without a body it is, parameter
    # by parameter.
    if any(not isinstance(codec, BinaryCodec) for codec in body_media(operation)):
        return False
    codecs = [codec for _, codec in parameter_codecs(operation)]
    return all(is_finite(codec.contract, codec.pointer, most) for codec in codecs)
