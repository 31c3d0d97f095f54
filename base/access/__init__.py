"""Who may do what (the permission matrix), rate limits, and posts from cached pages. Start with matrix.py."""
