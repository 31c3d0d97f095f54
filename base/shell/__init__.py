"""The frame that every page shares: base template, style sheet, scripts, icons, number and date formats.

Anything above `base` may use it. Start at templates/shell/base.html, then templatetags/shell.py.
"""
