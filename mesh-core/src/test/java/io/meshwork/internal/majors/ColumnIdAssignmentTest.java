package io.meshwork.internal.majors;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.contract.Contract;
import io.meshwork.internal.schema.IcebergSchemas;
import io.meshwork.internal.table.TableColumns;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.Schema;
import org.junit.jupiter.api.Test;

/** The column IDs of a major version that continues another one. */
class ColumnIdAssignmentTest {
  record Address(String city, String street) {}

  record OrderWithStops(
      String orderId, int quantity, String email, Address address, List<Address> stops) {}

  record Residence(String city, String zip) {}

  record OrderWithPlaces(
      long quantity,
      String orderId,
      String contact,
      Residence address,
      List<Residence> stops,
      String email) {}

  private static final TableColumns BEFORE =
      TableColumns.ofNew(IcebergSchemas.fromAvro(Contract.of(OrderWithStops.class).schema()), 2);

  @Test
  void aColumnWithTheSameNameKeepsItsIdWhateverItsTypeAndPlace() {
    TableColumns after = after(OrderWithPlaces.class, Map.of());

    for (String path :
        List.of("orderId", "quantity", "address", "address.city", "stops", "stops.element.city")) {
      assertThat(after.schema().findField(path).fieldId())
          .as(path)
          .isEqualTo(BEFORE.schema().findField(path).fieldId());
    }
  }

  @Test
  void aRenamedColumnKeepsItsIdAndANewOneOfItsOldNameDoesNot() {
    Schema after =
        after(OrderWithPlaces.class, Map.of("email", "contact", "address.street", "address.zip"))
            .schema();

    assertThat(after.findField("contact").fieldId()).isEqualTo(id("email"));
    assertThat(after.findField("address.zip").fieldId()).isEqualTo(id("address.street"));
    assertThat(BEFORE.schema().findField(after.findField("email").fieldId())).isNull();
  }

  @Test
  void aNewColumnNeverGetsAnIdThatTheEarlierMajorCanStillAssign() {
    TableColumns after = after(OrderWithPlaces.class, Map.of());

    assertThat(after.schema().findField("contact").fieldId()).isGreaterThan(2_000_000);
    assertThat(after.lastColumnId()).isGreaterThan(2_000_000);
    TableColumns third =
        ColumnIdAssignment.of(
            TableColumns.ofNew(
                IcebergSchemas.fromAvro(Contract.of(OrderWithStops.class).schema()), 2),
            3,
            after,
            Map.of());
    assertThat(third.schema().findField("address.street").fieldId()).isGreaterThan(3_000_000);
    assertThat(third.schema().findField("orderId").fieldId()).isEqualTo(id("orderId"));
  }

  @Test
  void noTwoColumnsHaveOneId() {
    Schema after =
        after(OrderWithPlaces.class, Map.of("email", "contact", "quantity", "email")).schema();

    assertThat(new HashSet<>(after.idToName().keySet())).hasSize(after.idToName().size());
    assertThat(after.findField("email").fieldId()).isEqualTo(id("quantity"));
  }

  @Test
  void aMajorVersionWithoutNewColumnsStillLeavesTheRangeOfTheEarlierOne() {
    assertThat(after(OrderWithStops.class, Map.of()).lastColumnId()).isEqualTo(2_000_000);
  }

  private static TableColumns after(Class<?> rows, Map<String, String> renamings) {
    return ColumnIdAssignment.of(
        TableColumns.ofNew(IcebergSchemas.fromAvro(Contract.of(rows).schema()), 2),
        2,
        BEFORE,
        renamings);
  }

  private static int id(String path) {
    return BEFORE.schema().findField(path).fieldId();
  }
}
