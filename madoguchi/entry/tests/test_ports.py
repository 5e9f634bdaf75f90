"""A port is one demo's from its start to its end, whether a server is there yet or not."""

import socket
import subprocess
import sys

from madoguchi.entry.supervisor import hold_port


def test_two_starts_of_one_moment_take_two_ports():
    first, second = hold_port(19_940), hold_port(19_940)
    with first.sign, second.sign:
        assert second.number > first.number >= 19_940


def test_the_server_itself_can_take_a_held_port():
    """Another demo keeps away all the same: before the server, beside it, and between two."""
    first = hold_port(19_950)
    with first.sign:
        for _ in range(2):
            with socket.create_server(("127.0.0.1", first.number)):
                beside = hold_port(first.number)
                beside.sign.close()
                assert beside.number != first.number
            between = hold_port(first.number)
            between.sign.close()
            assert between.number != first.number


def test_a_strangers_port_is_left_alone():
    with socket.create_server(("127.0.0.1", 0)) as stranger:
        port = stranger.getsockname()[1]
        found = hold_port(port)
        found.sign.close()
        assert found.number != port


def test_a_port_is_free_again_when_its_demo_was_killed():
    code = (
        "from madoguchi.entry.supervisor import hold_port\n"
        "held = hold_port(19960)\nprint(held.number, flush=True)\ninput()"
    )
    demo = subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    port = int(demo.stdout.readline())
    beside = hold_port(port)
    beside.sign.close()
    demo.kill()
    demo.wait(10)
    demo.stdin.close()
    demo.stdout.close()
    again = hold_port(port)
    again.sign.close()
    assert again.number == port != beside.number
