"""Reads the records of a feed with lxml and makes JSON of flat dicts: less than the others make. Prints what run-peer.ts prints."""
import json
import resource
import sys
import time

from lxml import etree

begun = time.perf_counter()
records = size = depth = 0
for event, element in etree.iterparse(sys.argv[1], events=("start", "end"), tag="job", huge_tree=True):
    if event == "start":
        depth += 1
        continue
    depth -= 1
    if depth > 0:
        continue
    records += 1
    size += len(json.dumps({child.tag: child.text for child in element if isinstance(child.tag, str)}, ensure_ascii=False))
    element.clear(keep_tail=False)
    while element.getprevious() is not None:
        del element.getparent()[0]
microseconds = round((time.perf_counter() - begun) * 1_000_000)
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
print(json.dumps({"microseconds": microseconds, "records": records, "peak": peak}))
