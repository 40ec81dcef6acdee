"""What the tasks of the ground floor do beside waking a sweep."""

import threading

from core import notices, tasks


def test_a_second_thread_sends_nothing_while_the_first_is_at_it(monkeypatch) -> None:
    begun, go_on, sent = threading.Event(), threading.Event(), []

    def send_due() -> int:
        begun.set()
        go_on.wait(5)
        return 7

    monkeypatch.setattr(notices, "send_due", send_due)
    first = threading.Thread(target=lambda: sent.append(tasks.send_notices()))
    first.start()
    assert begun.wait(5)
    assert tasks.send_notices() == 0
    go_on.set()
    first.join()
    assert sent == [7]
    assert tasks.send_notices() == 7
