"""The steps of the pipeline, one folder a domain: pure rules, and one module that wires them to Beam."""
