"""What the pages that teach show: the network's own arrays, taken apart number by number.

Read in this order: one_update, unit_sum, check, step_sizes, source, catalogue, evidence, film.
"""
