"""Judge requests, answers and refusals by the contract's document alone.

The oracle shares no reader with the generated server, so that a fault of that reader is seen.
May know: `wire`, `evidence`, and the contract layer of the runtime.
"""
