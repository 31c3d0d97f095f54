"""What every other part stands on: accounts, places, outbox, intake, access, page cache and the frame of the pages.

May be imported by everybody and imports none of them. Start with ``outbox`` and ``access``.
"""
