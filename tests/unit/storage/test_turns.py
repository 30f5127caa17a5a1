"""Who asked first is next, however many ask."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from storage.turns import Turns


def test_are_given_in_the_order_in_which_they_were_asked_for():
    turns, order, asked = Turns(), [], threading.Semaphore(0)

    def take(number):
        asked.release()
        with turns:
            order.append(number)

    turns.acquire()
    threads = []
    for number in range(20):
        thread = threading.Thread(target=take, args=(number,))
        thread.start()
        asked.acquire()
        while turns.num_waiting <= number:  # it has asked, and is about to stand in line
            thread.join(0.001)
        threads.append(thread)
    turns.release()
    for thread in threads:
        thread.join(10)
    assert order == list(range(20))


def test_are_had_by_one_at_a_time():
    turns, inside, most = Turns(), [], []

    def take(number):
        with turns:
            inside.append(number)
            most.append(len(inside))
            inside.remove(number)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(take, range(400)))
    assert max(most) == 1
    assert turns.num_waiting == 0


def test_a_turn_is_given_back_when_what_was_done_in_it_failed():
    turns = Turns()
    with pytest.raises(ZeroDivisionError), turns:
        _ = 1 / 0
    turns.acquire()
    turns.release()
