"""Compare the speed of this network with other libraries, each in a process of its own.

Read in this order: contestants, tasks, peers, worker, process, rounds, results, targets.
"""
