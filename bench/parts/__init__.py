"""The parts of the benchmark. Each has NEEDS, the Debian packages that it can't do without, and `run`, which starts its
own servers, measures, and adds its rows to the report."""
