"""Test a server under load: response times, refusals.

python pipelines/load.py http://127.0.0.1:8501 an4 recording.flac --clients 4 --seconds 20
python pipelines/load.py http://127.0.0.1:8501 an4 recording.flac --times-capacity 2 --seconds 120
python pipelines/load.py http://127.0.0.1:8501 an4_streaming recording.flac --streams 32 --seconds 60
"""

import collections
import time
from pathlib import Path

from seqapp import command_line
from seqapp.serving.client.load_test import REFUSALS, Load, Watch, capacity, num_clients_at, percentiles, table
from seqapp.serving.server.installed import check_installed


def main(argv=None):
    parser = command_line.make_parser(__doc__)
    parser.add_argument("url", type=lambda url: url.rstrip("/"), help="of the server")
    parser.add_argument("model", help="name of a model")
    parser.add_argument("file", type=Path, help="what it reads")
    parser.add_argument("--clients", type=int, default=8, help="each sends when it has its answer (default: 8)")
    parser.add_argument("--rate", type=float, help="requests a second of all (default: as many as can be)")
    parser.add_argument("--times-capacity", type=float, help="a rate so many times that which --clients reach at first")
    parser.add_argument("--streams", type=int, help="write or speak over so many WebSockets at once instead")
    parser.add_argument("--seconds", type=float, default=20.0, help="how long (default: 20)")
    arguments = parser.parse_args(argv)
    command_line.expect_paths(arguments.file)
    if arguments.streams:
        return stream(arguments)
    content = arguments.file.read_bytes()
    if arguments.times_capacity:
        most = capacity(arguments.url, arguments.model, content, arguments.clients)
        arguments.rate = arguments.times_capacity * most
        arguments.clients = num_clients_at(arguments.rate)
        print(f"capacity: {most:.1f} a second; now {arguments.rate:.1f} by {arguments.clients} clients")
    with Watch(arguments.url) as watch:
        start = time.perf_counter()
        requests = Load(arguments.url, arguments.model, content, arguments.rate)
        answers = requests.run(arguments.clients, arguments.seconds)
        seconds = time.perf_counter() - start
    print(table(answers, seconds), watch.describe(len(answers.get(200, ()))), sep="\n")
    return 0 if answers.keys() <= {200, *REFUSALS} else 1


def stream(arguments):
    check_installed(["websockets"])
    from seqapp.serving.client.stream_load_test import LiveLoad

    with Watch(arguments.url) as watch:
        waits, ends = LiveLoad(arguments.url, arguments.model, arguments.file).run(arguments.streams, arguments.seconds)
    print(f"partial results: {len(waits)}, late by {percentiles(waits)}")
    for end, count in collections.Counter(ends).most_common():
        print(f"streams {end}: {count}")
    print(watch.describe(len(waits)))
    return 0 if set(ends) == {"answered"} else 1


if __name__ == "__main__":
    command_line.run(main)
