"""Budgets of pages, how they are measured, and the bare view that figures are compared with."""
