"""CPU time of the generated ends beside their peers; nothing is asserted. RESULTS.md says how to read it."""
