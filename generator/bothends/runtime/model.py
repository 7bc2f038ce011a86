"""What every generated model is: typed, readable, open, and never a judge of validity."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Model(BaseModel):
    """An object of the API.

    Built by Python names. A field that is not given is absent on the wire; one that is given as None is null. Fields that
    the contract does not name are kept, and sent again. Validity is the contract's matter, see `contract.py`.
    """

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
        validate_by_alias=False,
        serialize_by_alias=True,
        protected_namespaces=(),
    )
