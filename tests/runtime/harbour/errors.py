from bothends.runtime import DocumentedError

from .models import Failures, Problem


class ListTidesNotFound(DocumentedError[Problem]):
    """404: no harbour has this id."""

    status = 404


class ListTidesClientError(DocumentedError[Problem]):
    """4XX: something else is wrong."""

    status = None


class AddTideBadRequest(DocumentedError[Problem]):
    """400: the tide is not one."""

    status = 400


class AddTideContentTooLarge(DocumentedError[None]):
    """413: too large."""

    status = 413


class ResendBadRequest(DocumentedError[Failures]):
    """400: nothing was sent."""

    status = 400


class SinkDefault(DocumentedError[Problem]):
    """default: it floats."""

    status = None


class BookBerthTooManyRequests(DocumentedError[Problem]):
    """429: too often."""

    status = 429
