"""Calls that start at the same instant."""
import threading


def at_once(count, act):
    """Runs act(number) on so many threads that all start together; gives what each returned."""
    barrier, results = threading.Barrier(count), [None] * count

    def run(number):
        barrier.wait(30)
        results[number] = act(number)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert None not in results, "a request was never answered"
    return results
