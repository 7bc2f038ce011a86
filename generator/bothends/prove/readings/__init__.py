"""An independent reader of what stands on the wire: by the document alone, with none of the server's own code.

`reader` reads texts in the styles of OpenAPI; `parameter`, `form` and `multipart` say what is in a request and judge it.
"""

from .form import judge_form
from .multipart import judge_multipart
from .parameter import judge_header, judge_parameter
from .reader import Sent

__all__ = ["Sent", "judge_form", "judge_header", "judge_multipart", "judge_parameter"]
