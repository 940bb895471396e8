package io.meshwork.internal.conformance.input;

import static io.meshwork.internal.conformance.fixture.MeshFixture.CANARY;
import static io.meshwork.internal.conformance.fixture.MeshFixture.ORDERS;

import io.meshwork.consume.Rows;
import io.meshwork.contract.Contract;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.internal.conformance.fixture.MeshFixture;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Invalid filters in every operation that accepts a filter. */
final class BadFilters {
  private static final String BASKETS = "commerce/baskets";

  private final BadInputTable table;

  private BadFilters(BadInputTable table) {
    this.table = table;
  }

  record Basket(long id, List<String> tags, Map<String, Long> counts, Address address) {}

  record Address(String city) {}

  /** An operation that accepts a filter. */
  private enum FilterUse {
    READ("a read where", "Cannot read ") {
      @Override
      void give(MeshFixture suite, String product, String filter) {
        try (Rows<?> rows = suite.shop().read(product).where(filter).rows()) {
          rows.forEach(row -> {});
        }
      }
    },
    FILES("a list of files where", "Cannot list the files of ") {
      @Override
      void give(MeshFixture suite, String product, String filter) {
        suite.shop().read(product).where(filter).files();
      }
    },
    SUBSCRIBE("a subscription where", "Cannot subscribe to ") {
      @Override
      void give(MeshFixture suite, String product, String filter) {
        suite.shop().subscribe(product).name("some").purpose("Some").where(filter).commit();
      }
    },
    REPLACE("a replace where", "Cannot publish to ") {
      @Override
      void give(MeshFixture suite, String product, String filter) {
        suite.shop().publish(product).records(List.of()).replaceWhere(filter).commit();
      }
    },
    ERASE("an erase where", "Cannot erase from ") {
      @Override
      void give(MeshFixture suite, String product, String filter) {
        suite.shop().erase(product).where(filter).because("asked to").commit();
      }
    };

    private final String what;
    private final String messageStart;

    FilterUse(String what, String messageStart) {
      this.what = what;
      this.messageStart = messageStart;
    }

    abstract void give(MeshFixture suite, String product, String filter);
  }

  static void addTo(BadInputTable table) {
    BadFilters rows = new BadFilters(table);
    rows.language();
    rows.columns();
    rows.constants();
  }

  private void filter(String number, String product, String filter, String... expected) {
    for (FilterUse use : FilterUse.values()) {
      List<String> facts = new ArrayList<>(List.of(expected));
      facts.add(use.messageStart + product + " with this filter: at character ");
      facts.add("Nothing was read or changed");
      table.add(
          BadInput.of(
                  number,
                  use.what + " " + filter.substring(0, Math.min(filter.length(), 20)),
                  InvalidRequestException.class,
                  ErrorCode.FILTER_INVALID,
                  facts,
                  suite -> use.give(suite, product, filter))
              .after(product.equals(BASKETS) ? BadFilters::defineBaskets : suite -> {}));
    }
  }

  private static void defineBaskets(MeshFixture suite) {
    suite.shop().defineProduct(BASKETS).contract(Contract.of(Basket.class)).commit();
    suite
        .shop()
        .publish(BASKETS)
        .records(List.of(new Basket(1, List.of(CANARY), Map.of(), new Address(CANARY))))
        .commit();
  }

  private void language() {
    String example = "as in amount >= 10 AND country IN ('SE', 'NO')";
    filter("69", ORDERS, "1=1 OR", "character 1,", "a constant is used where a column", example);
    filter("69", ORDERS, "id in (select 1)", "character 8,", "a query is used", example);
    filter(
        "69", ORDERS, "id = 1 -- " + CANARY, "character 8,", "comments are not supported", example);
    filter("69", ORDERS, "customer = '" + CANARY, "character 12,", "a quote is not closed");
    filter("70", ORDERS, "x".repeat(70_000), "has 70000 characters", "fewer than 65536", "Shorten");
  }

  private void columns() {
    filter("-", ORDERS, "custommer = '" + CANARY + "'", "Did you mean 'customer'?");
    filter("-", ORDERS, "customer = \"" + CANARY + "\"", "text in single quotes");
    filter("70", BASKETS, "tags = '" + CANARY + "'", "column tags: it is an array");
    filter("70", BASKETS, "counts IS NULL", "column counts: it is a map");
    filter("70", BASKETS, "address = '" + CANARY + "'", "it is a struct", "address.city");
    filter("-", BASKETS, "address.citty = 'x'", "Did you mean 'address.city'?");
  }

  private void constants() {
    filter("71", ORDERS, "id = '" + CANARY + "'", "column id: it has the type long", "is text");
    filter("71", ORDERS, "amount > 77.311", "column amount", "decimal(10, 2)", "digits");
    filter("71", ORDERS, "id = 1/0", "character 7,", "Arithmetic is not supported");
  }
}
