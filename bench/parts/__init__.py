"""The parts of the benchmark, one a module, each with `measure(folder, runs)`."""
