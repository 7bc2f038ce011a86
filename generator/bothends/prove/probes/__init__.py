"""Wire probes: single requests that no client would send, each with the answer that the contract demands.

May know: `target` and the rooms below it. Knows neither the fuzzer nor the agreement of the two
ends.
"""
