import subprocess
import sys

from pipelines.heap import give_back

# Threads that each fill and drop a heap, as graph after graph does.
_GROWING = """
import sys, threading
from pathlib import Path
from pipelines.heap import give_back, share_one_heap

def held():
    return int(Path("/proc/self/status").read_text().partition("VmRSS:")[2].split()[0]) / 1024

def work(number):
    kept.append([bytes(20_000) for _ in range(1_500)])
    kept.append(bytes(1_000))

share_one_heap()
before, kept = held(), []
for number in range(4):
    thread = threading.Thread(target=work, args=(number,))
    thread.start()
    thread.join()
    kept[:] = [small for small in kept if isinstance(small, bytes)]
    give_back()
print(held() - before)
"""


def test_what_threads_have_freed_is_given_back():
    done = subprocess.run([sys.executable, "-c", _GROWING], capture_output=True, text=True, check=True)
    assert float(done.stdout) < 30


def test_it_may_be_called_at_any_time():
    give_back()
    give_back()
