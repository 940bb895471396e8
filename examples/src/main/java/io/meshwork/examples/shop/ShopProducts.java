package io.meshwork.examples.shop;

import static io.meshwork.contract.Rule.atLeast;
import static io.meshwork.contract.Rule.between;
import static io.meshwork.contract.Rule.completeness;
import static io.meshwork.contract.Rule.matches;
import static io.meshwork.contract.Rule.notNull;
import static io.meshwork.contract.Rule.rowCount;

import io.meshwork.MeshClient;
import io.meshwork.change.DefineProduct;
import io.meshwork.contract.Contract;
import io.meshwork.contract.Contract.Contact;
import io.meshwork.contract.Contract.ContactScope;
import io.meshwork.contract.OnViolation;
import io.meshwork.contract.ServiceLevel;
import io.meshwork.product.Classification;
import java.time.Duration;
import java.time.Period;
import java.util.Map;

/** Defines the products with their contracts. */
final class ShopProducts {
  static final String CUSTOMERS = "commerce/customers";
  static final String ORDERS = "commerce/orders";
  static final String CATALOG = "commerce/catalog";
  static final String RETURNS = "commerce/returns";
  static final String SHIPMENTS = "logistics/shipments";
  static final String STOCK = "logistics/stock";
  static final String REPLENISHMENT = "logistics/replenishment";
  static final String REVENUE = "finance/revenue";
  static final String MARGIN = "finance/margin";
  static final String REPORT = "finance/board_report";
  static final String BUDGET = "marketing/budget";
  static final String CAMPAIGNS = "marketing/campaigns";

  private static final Duration DAILY = Duration.ofHours(26);

  private ShopProducts() {}

  static void commerce(MeshClient commerce) {
    define(
        commerce,
        CUSTOMERS,
        Contract.of(ShopRows.Customer.class)
            .description("Customers who have an account.")
            .classification(Classification.RESTRICTED)
            .describeColumns(
                Map.of(
                    "customerId", "Number of the customer",
                    "email", "Where we write to",
                    "city", "City of the last delivery",
                    "since", "Day of the first order"))
            .primaryKey("customerId")
            .require(completeness("city", 80), matches("email", "[^@]+@[^@]+"))
            .onViolation(OnViolation.QUARANTINE)
            .maxQuarantineShare(50)
            .freshWithin(DAILY),
        false);
    define(commerce, ORDERS, orders(ShopRows.Order.class, "pieces"), false);
    define(
        commerce,
        CATALOG,
        Contract.of(ShopRows.Item.class)
            .description("What the shop sells.")
            .classification(Classification.PUBLIC)
            .describeColumns(
                Map.of(
                    "itemId", "Number of the item",
                    "title", "Title in the shop",
                    "price", "Price in euro, with tax"))
            .primaryKey("itemId"),
        true);
    define(
        commerce,
        RETURNS,
        Contract.of(ShopRows.Return.class)
            .description("Orders that came back, with the refund.")
            .describeColumns(
                Map.of(
                    "orderId", "Number of the order",
                    "day", "Day of the return",
                    "refund", "Refund in euro"))
            .require(notNull("orderId"), between("refund", 0, 500).warn())
            .freshWithin(DAILY),
        true);
  }

  /** The contract of the orders, of which each version names the number of pieces in its way. */
  private static Contract orders(Class<? extends Record> row, String pieces) {
    return Contract.of(row)
        .description("Orders of the shop, one row for each item, from the moment of payment.")
        .describeColumns(
            Map.of(
                "orderId",
                "Number of the order",
                "placed",
                "When it was paid",
                "customerId",
                "Who bought",
                "itemId",
                "What was bought",
                pieces,
                "How many",
                "amount",
                "What was paid, in euro"))
        .primaryKey("orderId")
        .require(atLeast(pieces, 1), between("amount", 0, 100_000), rowCount(1, 1_000_000))
        .serviceLevel(
            ServiceLevel.NONE
                .eventTime("placed")
                .freshWithin(DAILY)
                .frequency(Duration.ofHours(24))
                .retention(Period.ofYears(2)))
        .contacts(new Contact("on call", "oncall@example.org", ContactScope.NOTIFICATIONS));
  }

  /** Announces version 2 of the orders, to which their consumers have to move. */
  static void announceQuantity(MeshClient commerce) {
    commerce
        .startRollout(ORDERS)
        .contract(orders(ShopRows.Version2.Order.class, "quantity"))
        .renameColumn("pieces", "quantity")
        .because("All domains call it a quantity")
        .withoutHistory()
        .commit()
        .announce()
        .commit();
  }

  static void logistics(MeshClient logistics) {
    define(
        logistics,
        SHIPMENTS,
        Contract.of(ShopRows.Shipment.class)
            .description("Parcels that left the warehouse.")
            .describeColumn("carrier", "Who delivers it")
            .primaryKey("orderId")
            .freshWithin(DAILY),
        true);
    define(
        logistics,
        STOCK,
        Contract.of(ShopRows.Stock.class)
            .description("Pieces in the warehouse in the evening.")
            .require(atLeast("pieces", 0))
            .freshWithin(DAILY),
        true);
    define(
        logistics,
        REPLENISHMENT,
        Contract.of(ShopRows.Replenishment.class)
            .description("What was ordered to fill the stock.")
            .freshWithin(DAILY),
        true);
  }

  static void finance(MeshClient finance) {
    define(
        finance,
        REVENUE,
        Contract.of(ShopRows.Revenue.class)
            .description("Revenue by day, before returns.")
            .describeColumn("amount", "Sum of the orders in euro")
            .primaryKey("day")
            .freshWithin(DAILY),
        true);
    define(
        finance,
        MARGIN,
        Contract.of(ShopRows.Margin.class)
            .description("Revenue and margin by day.")
            .primaryKey("day"),
        true);
    define(
        finance,
        REPORT,
        Contract.of(ShopRows.Report.class)
            .description("What the board reads on Mondays.")
            .describeColumn("result", "Margin less what marketing may spend")
            .freshWithin(DAILY),
        true);
  }

  static void marketing(MeshClient marketing) {
    define(
        marketing,
        BUDGET,
        Contract.of(ShopRows.Budget.class)
            .description("What marketing may spend, as a share of the margin."),
        true);
    define(
        marketing,
        CAMPAIGNS,
        Contract.of(ShopRows.Campaign.class).description("Campaigns of the next quarter."),
        true);
  }

  private static void define(
      MeshClient owner, String product, Contract contract, boolean openToMesh) {
    DefineProduct definition = owner.defineProduct(product).contract(contract);
    if (openToMesh) {
      definition.openToMesh().commit();
    } else {
      definition.commit();
    }
  }
}
