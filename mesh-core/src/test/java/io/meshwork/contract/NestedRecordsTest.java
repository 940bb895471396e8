package io.meshwork.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.internal.schema.IcebergSchemas;
import java.math.BigDecimal;
import java.time.DayOfWeek;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;

/** Contracts of Java records that hold records, lists and maps. */
class NestedRecordsTest {
  enum Unit {
    PIECE,
    KILO
  }

  record Address(@Column("zip_code") String zip, Optional<String> city) {}

  record Line(
      String article,
      @Column(precision = 10, scale = 3) BigDecimal quantity,
      Unit unit,
      Optional<Unit> packed,
      Integer shelf) {}

  record NestedOrder(
      long id,
      Address billing,
      Optional<Address> shipping,
      List<Line> lines,
      List<Optional<Line>> returned,
      Collection<Integer> numbers,
      Map<String, Address> stops,
      Map<String, Optional<List<Double>>> measures,
      @Column(value = "price_list", precision = 8, scale = 2) Map<String, List<BigDecimal>> prices,
      byte[] raw,
      byte[][] parts,
      int[] days,
      List<String>[] groups,
      Optional<List<Map<String, Unit>>> units) {}

  @Test
  void recordsListsAndMapsBecomeColumnsWithTheirContent() {
    Contract contract = Contract.of(NestedOrder.class);

    assertThat(IcebergSchemas.fromAvro(contract.schema()).columns())
        .extracting(
            column ->
                column.name()
                    + (column.isOptional() ? " optional " : " ")
                    + column.type().toString().replaceAll("\\b\\d+: ", ""))
        .containsExactly(
            "id long",
            "billing struct<zip_code: required string, city: optional string>",
            "shipping optional struct<zip_code: required string, city: optional string>",
            "lines list<struct<article: required string, quantity: required decimal(10, 3),"
                + " unit: required string, packed: optional string, shelf: optional int>>",
            "returned list<struct<article: required string, quantity: required decimal(10, 3),"
                + " unit: required string, packed: optional string, shelf: optional int>>",
            "numbers list<int>",
            "stops map<string, struct<zip_code: required string, city: optional string>>",
            "measures map<string, list<double>>",
            "price_list map<string, list<decimal(8, 2)>>",
            "raw binary",
            "parts list<binary>",
            "days list<int>",
            "groups list<list<string>>",
            "units optional list<map<string, string>>");
    assertThat(Contract.fromJson(contract.toJson())).isEqualTo(contract);
    assertThat(Contract.of(NestedOrder.class)).isEqualTo(contract);
  }

  @Test
  void elementsAndValuesAreRequiredUnlessTheyAreOptional() {
    Schema schema = Contract.of(NestedOrder.class).schema();

    assertThat(schema.getField("numbers").schema().getElementType().isNullable()).isFalse();
    assertThat(schema.getField("lines").schema().getElementType().isNullable()).isFalse();
    assertThat(schema.getField("returned").schema().getElementType().isNullable()).isTrue();
    assertThat(schema.getField("stops").schema().getValueType().isNullable()).isFalse();
    assertThat(schema.getField("measures").schema().getValueType().isNullable()).isTrue();
  }

  static final class Store {
    record Item(String name) {}

    enum Kind {
      A
    }
  }

  static final class Depot {
    record Item(int count, Kind kind, Store.Kind other) {}

    enum Kind {
      B
    }
  }

  record Moved(Store.Item from, Depot.Item to, List<Depot.Item> more) {}

  @Test
  void classesOfOneNameAreTypesOfDifferentNames() {
    record Item(Store.Item stored, Moved moved) {}

    Schema schema = Contract.of(Item.class).schema();

    assertThat(schema.getName()).isEqualTo("Item");
    assertThat(schema.getField("stored").schema().getName()).isEqualTo("Store_Item");
    Schema moved = schema.getField("moved").schema();
    assertThat(moved.getField("from").schema().getName()).isEqualTo("Store_Item");
    Schema to = moved.getField("to").schema();
    assertThat(to.getName()).isEqualTo("Depot_Item");
    assertThat(to.getField("kind").schema().getName()).isEqualTo("Kind");
    assertThat(to.getField("other").schema().getName()).isEqualTo("Store_Kind");
    assertThat(moved.getField("more").schema().getElementType()).isEqualTo(to);
  }

  @Test
  void aTypeOfAnotherPackageIsDefinedOnceAndReferredToAfterwards() {
    record Week(DayOfWeek first, List<Address> places, Map<String, DayOfWeek> others) {}

    Contract contract = Contract.of(Week.class);

    assertThat(contract.schema().toString()).containsOnlyOnce("MONDAY");
    assertThat(contract.schema().getField("others").schema().getValueType())
        .isEqualTo(contract.schema().getField("first").schema());
    assertThat(Contract.fromJson(contract.toJson())).isEqualTo(contract);
  }

  record Inner(Object any, @Column(precision = 4) BigDecimal fine) {}

  record Box<T>(T value) {}

  record Refused(
      Inner first,
      List<Inner> again,
      List<List<Object>> deep,
      Map<String, BigDecimal> sums,
      Map<Integer, String> keyed,
      Set<String> tags,
      @SuppressWarnings("rawtypes") List raw, // the test's subject
      List<?> anything,
      Map<String, ? extends Number> bounded,
      Optional<Optional<String>> twice,
      Box<String> box,
      List<Line> fine) {}

  @Test
  void anUnsupportedComponentIsNamedByItsPath() {
    InvalidRequestException refused = refusal(Refused.class);

    assertThat(refused.errorCode()).isEqualTo(ErrorCode.SCHEMA_UNSUPPORTED);
    assertThat(refused.findings())
        .extracting(Finding::where)
        .containsExactly(
            "first.any",
            "deep[][]",
            "sums{}",
            "keyed",
            "tags",
            "raw",
            "anything[]",
            "bounded{}",
            "twice",
            "box.value");
    assertThat(refused.findings()).allMatch(finding -> finding.what().contains(finding.where()));
    assertThat(refused)
        .hasMessageContainingAll(Refused.class.getName(), "first.any", "java.lang.Object");
    assertThat(refused.findings().get(2).what()).contains("@Column(precision");
    assertThat(refused.findings().get(3).fix()).contains("Map<String, V>");
    assertThat(refused.findings().get(4).fix()).contains("List");
    assertThat(refused.findings().get(6).what()).contains("wildcard");
    assertThat(refused.findings().get(9).what()).contains("type parameter");
  }

  record Node(String name, Optional<Node> next) {}

  record Person(String name, List<Team> teams) {}

  record Team(Map<String, Person> members) {}

  @Test
  void recursiveRecordsAreRejectedWithNameAndPath() {
    assertThat(refusal(Node.class).findings())
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.code()).isEqualTo(FindingCode.TYPE_RECURSIVE);
              assertThat(finding.where()).isEqualTo("next");
              assertThat(finding.what()).contains(Node.class.getName());
            });
    assertThat(refusal(Person.class).findings())
        .extracting(Finding::code, Finding::where)
        .containsExactly(tuple(FindingCode.TYPE_RECURSIVE, "teams[].members{}"));
  }

  private static InvalidRequestException refusal(Class<?> recordType) {
    return catchThrowableOfType(
        InvalidRequestException.class, () -> Contract.of(recordType).schema());
  }
}
