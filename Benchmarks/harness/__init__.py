"""The parts of `Benchmarks/run`: servers, content, measured rows and the page they end up on."""
