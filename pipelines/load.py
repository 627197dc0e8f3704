"""Send one file to a server again and again: how long answers take, and what it does when there are too many requests.

python pipelines/load.py http://127.0.0.1:8501 an4 recording.flac --clients 4 --seconds 20
python pipelines/load.py http://127.0.0.1:8501 an4 recording.flac --times-capacity 2 --seconds 120
python pipelines/load.py http://127.0.0.1:8501 an4_streaming recording.flac --streams 32 --seconds 60
"""

import argparse
import collections
import time
from pathlib import Path

from seqapp import command_line
from seqapp.serving.client.load_test import REFUSALS, Load, Watch, capacity, num_clients_at, percentiles, table
from seqapp.serving.server.installed import check_installed


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("url", help="of the server")
    parser.add_argument("model", help="name of a model")
    parser.add_argument("file", type=Path, help="what it reads")
    parser.add_argument("--clients", type=int, default=8, help="each sends when it has its answer (default: 8)")
    parser.add_argument("--rate", type=float, help="requests a second of all (default: as many as can be)")
    parser.add_argument("--times-capacity", type=float, help="a rate so many times that which --clients reach at first")
    parser.add_argument("--streams", type=int, help="write or speak over so many WebSockets at once instead")
    parser.add_argument("--seconds", type=float, default=20.0, help="how long (default: 20)")
    arguments = parser.parse_args(argv)
    url, num_clients = arguments.url.rstrip("/"), arguments.clients
    if arguments.streams:
        return stream(url, arguments)
    content, rate = arguments.file.read_bytes(), arguments.rate
    if arguments.times_capacity:
        rate = arguments.times_capacity * (most := capacity(url, arguments.model, content, num_clients))
        num_clients = num_clients_at(rate)
        print(f"capacity: {most:.1f} a second; now {rate:.1f} by {num_clients} clients")
    with Watch(url) as watch:
        start = time.perf_counter()
        found = Load(url, arguments.model, content, rate).run(num_clients, arguments.seconds)
        seconds = time.perf_counter() - start
    print(table(found, seconds), watch.describe(len(found.get(200, ()))), sep="\n")
    return 0 if found.keys() <= {200, *REFUSALS} else 1


def stream(url, arguments):
    """Streams at the pace of people."""
    check_installed(["websockets"])
    from seqapp.serving.client.stream_load_test import LiveLoad

    with Watch(url) as watch:
        waits, ends = LiveLoad(url, arguments.model, arguments.file).run(arguments.streams, arguments.seconds)
    print(f"partial results: {len(waits)}, late by {percentiles(waits)}")
    for end, count in collections.Counter(ends).most_common():
        print(f"streams {end}: {count}")
    print(watch.describe(len(waits)))
    return 0 if set(ends) == {"answered"} else 1


if __name__ == "__main__":
    command_line.run(main)
