"""The market: households, goods, stock, baskets, orders. Oscar is its engine; the pages are ours.

Never imports cms or learning. Start with ``partner/allocation.py`` and ``order/placement.py``.
"""
