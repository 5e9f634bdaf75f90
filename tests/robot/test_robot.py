import time
import pytest
from tests.robot import town
from madoguchi.adapters.csterminal.machine import Fault


@pytest.fixture(scope="module")
def browser():
    b = town.a_browser()
    yield b
    b.close()


def test_forty(db, tmp_path, browser):
    town.shelve(40)
    with town.terminal(tmp_path) as running:
        t = time.monotonic()
        run = town.run_robot(browser, running)
        print("seconds", time.monotonic() - t, [one.seconds for one in run.done][:8])
        assert run.problems == ()
        assert len(run.done) == 40
        assert town.listed(running) == sorted(town.states())
    assert set(town.states().values()) == {"SET_UP"}


@pytest.mark.parametrize("fault", list(Fault))
def test_fault(db, tmp_path, browser, fault):
    town.shelve(3)
    second = sorted(town.states())[1]
    with town.terminal(tmp_path, slow_seconds=3) as running:
        running.machine.plan(second, fault)
        t = time.monotonic()
        run = town.run_robot(browser, running, wait=1.5)
        print(
            fault,
            "seconds",
            time.monotonic() - t,
            [p.code for p in run.problems],
            town.outcomes(),
            town.listed(running),
            run.stopped_at,
        )
