package io.meshwork.internal.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.product.ProductName;
import org.junit.jupiter.api.Test;

class TableNameTest {
  @Test
  void aTableIsNamedByStorageNamesEverywhere() {
    TableName rows = TableName.of(ProductName.of("city-works/green-trips"), 2);
    assertThat(rows).hasToString("city_works.green_trips_v2");
    assertThat(rows.identifier()).hasToString("city_works.green_trips_v2");
    assertThat(rows.key()).hasToString("city_works/green_trips · table/green_trips_v2");
    assertThat(rows.location("/mesh")).isEqualTo("/mesh/data/city_works/green_trips_v2");
    assertThat(rows.quarantined().table()).isEqualTo("green_trips_v2_quarantine");
    assertThat(rows.quarantined().partition()).isEqualTo(rows.partition());
  }
}
