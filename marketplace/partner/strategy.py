"""Price and availability: the stock record's price without tax, and stock always counted.

Oscar's default asks the product class for each line whether stock is tracked (one query a line); ours always is.
"""

from __future__ import annotations

from typing import Any

from oscar.apps.partner import strategy
from oscar.apps.partner.availability import StockRequired, Unavailable
from oscar.apps.partner.strategy import PurchaseInfo


class MarketStrategy(strategy.UseFirstStockRecord, strategy.NoTax, strategy.Structured):
    """What a product costs and whether it can be bought; makes no query when the stock record is at hand."""

    def fetch_for_line(self, line: Any, stockrecord: Any = None) -> PurchaseInfo:
        """Return the purchase info of a basket line from the stock record it holds."""
        return self.fetch_for_product(line.product, stockrecord or line.stockrecord)

    def availability_policy(self, product: Any, stockrecord: Any) -> Any:
        """Return Oscar's availability policy; goods off the market cannot be bought."""
        if stockrecord is None or not product.is_public:
            return Unavailable()
        return StockRequired(stockrecord.net_stock_level)


class Selector:
    """Oscar's way in: one strategy for everybody."""

    def strategy(self, request: Any = None, user: Any = None, **kwargs: Any) -> MarketStrategy:
        """Return the strategy; who asks does not matter."""
        return MarketStrategy(None)
