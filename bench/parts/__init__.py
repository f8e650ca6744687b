"""The parts of the benchmark. Each has NEEDS, the Debian packages that it requires, and `run`, which starts its own servers,
measures, and adds its rows to the report."""
