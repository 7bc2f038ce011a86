"""Exchanges between callers and a real server: recorded, kept as HAR, judged by the contract.

Example: a caller asks the proxy for `/tides/7`, and the vendor answers with a 409 that the contract
does not know. The caller gets the 409 unchanged; the terminal says `status 409 is not documented`;
`exchanges/0001-get_tide-409.har` holds the exchange, without its credentials; and
`bothends check-exchanges exchanges` tells which change to the contract would allow it.
"""

from bothends.record.exchange import Exchange
from bothends.record.har import MOST_RECORDED, HarError, read_har, write_har
from bothends.record.judge import Judge, Judgement
from bothends.record.masking import Masking
from bothends.record.proxy import Recorder
from bothends.record.recorded import RecordedExample, most_that_fit, recorded_examples
from bothends.record.suggest import Suggestion, suggestions

__all__ = [
    "MOST_RECORDED",
    "Exchange",
    "HarError",
    "Judge",
    "Judgement",
    "Masking",
    "RecordedExample",
    "Recorder",
    "Suggestion",
    "most_that_fit",
    "read_har",
    "recorded_examples",
    "suggestions",
    "write_har",
]
