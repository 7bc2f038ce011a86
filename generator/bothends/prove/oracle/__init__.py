"""What is right, judged by the contract's document alone: requests as they stand on the wire, answers, refusals.

The oracle shares no reader with the generated server, so that a fault of that reader is seen.
May know: `wire`, `evidence`, and the contract layer of the runtime.
"""
