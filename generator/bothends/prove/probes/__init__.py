"""Wire probes: single requests that no client sends, each with the answer it must get.

May know: `target` and the rooms below it. Knows neither the fuzzer nor the agreement of the two
ends.
"""
