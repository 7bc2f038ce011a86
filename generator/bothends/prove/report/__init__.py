"""What a run came to, for readers: causes, text, HTML, JSON, JUnit.

May know: `evidence`, and nothing else of the proof.
"""
