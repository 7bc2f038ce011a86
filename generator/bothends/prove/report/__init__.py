"""What was tried and what came of it: as data, as a page, as JUnit."""
