package io.meshwork.portal.internal.site;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.portal.internal.page.ProductPage;
import io.meshwork.product.ProductName;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The code of the product page. */
class ReadSnippetsTest {
  @Test
  void sparkNamesTheTableWithUnderscoresAndQuotesColumns() {
    ProductName product = ProductName.of("retail-north/green-trips");

    assertThat(new ReadSnippets(product, 2, List.of("net-amount", "trip_id")).all())
        .extracting(ProductPage.Snippet::code)
        .contains("SELECT `net-amount`, trip_id\nFROM mesh.retail_north.green_trips_v2");
  }

  @Test
  void otherToolsReadAFileThatTheTerminalWrites() {
    assertThat(new ReadSnippets(ProductName.of("commerce/orders"), 1, List.of("net-amount")).all())
        .extracting(ProductPage.Snippet::code)
        .contains(
            "-- mesh export commerce/orders orders.parquet\n"
                + "SELECT \"net-amount\"\nFROM 'orders.parquet'")
        .anyMatch(code -> code.endsWith("pandas.read_parquet(\"orders.parquet\")"));
  }
}
