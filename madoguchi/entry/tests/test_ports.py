"""Two starts of one minute choose two ports, though neither serves yet."""

from madoguchi.entry.supervisor import hold_port


def test_a_port_that_is_held_is_not_given_twice():
    with hold_port(19_940) as first, hold_port(19_940) as second:
        assert first.getsockname()[1] != second.getsockname()[1]


def test_a_port_let_go_is_given_again():
    with hold_port(19_950) as first:
        port = first.getsockname()[1]
    with hold_port(port) as again:
        assert again.getsockname()[1] == port
