"""What is drawn or made from the contract: values, arguments, replies, valid requests.

May know: `oracle`, `evidence`, `wire`, and Hypothesis. Nothing here sends anything.
"""
