"""What is done before anything else is imported takes effect in what is imported then."""

import subprocess
import sys


def test_arrow_takes_the_heap_that_can_be_given_back():
    asked = "from pipelines import cli, run; import pyarrow; print(pyarrow.default_memory_pool().backend_name)"
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert (done.stdout.strip(), done.stderr) == ("system", "")
