"""Load what the default taggers need: the fork server imports this once, and all workers share its pages.

Loading takes 1.6 s of CPU and 200 MB, in each worker if it is done there.
"""

import gc

from pipelines.heap import give_back
from transforms.entities.taggers import open_tagger
from transforms.entities.titled import Titled
from transforms.language.detect import detect_batch

# Work at import is what a fork server's preload is: nobody else imports this module.
gc.disable()  # nothing of what is loaded is garbage, and looking for some takes a seventh of the time
detect_batch(["All models are loaded by the first text."])
open_tagger()([Titled("", "All lists are loaded by the first article.", "en")])
# What is loaded stays: the collector must neither walk it again and again nor, by touching it, unshare its pages.
gc.freeze()
gc.enable()
give_back()
