package io.meshwork.internal.predicate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import java.util.List;
import java.util.Set;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.types.Types.NestedField;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RowPredicateParseTest {
  private static final Schema ORDERS =
      new Schema(
          NestedField.required(1, "id", Types.LongType.get()),
          NestedField.optional(2, "name", Types.StringType.get()),
          NestedField.optional(3, "email", Types.StringType.get()),
          NestedField.optional(4, "country", Types.StringType.get()),
          NestedField.optional(5, "dt", Types.StringType.get()),
          NestedField.optional(6, "small", Types.IntegerType.get()),
          NestedField.optional(7, "price", Types.DecimalType.of(9, 2)),
          NestedField.optional(8, "ratio", Types.DoubleType.get()),
          NestedField.optional(9, "single", Types.FloatType.get()),
          NestedField.optional(10, "paid", Types.BooleanType.get()),
          NestedField.optional(11, "date", Types.DateType.get()),
          NestedField.optional(12, "at", Types.TimestampType.withZone()),
          NestedField.optional(13, "local", Types.TimestampType.withoutZone()),
          NestedField.optional(14, "nanos", Types.TimestampNanoType.withZone()),
          NestedField.optional(15, "clock", Types.TimeType.get()),
          NestedField.optional(16, "key", Types.UUIDType.get()),
          NestedField.optional(17, "raw", Types.BinaryType.get()),
          NestedField.optional(18, "tags", Types.ListType.ofOptional(19, Types.StringType.get())),
          NestedField.optional(
              20,
              "labels",
              Types.MapType.ofOptional(21, 22, Types.StringType.get(), Types.StringType.get())),
          NestedField.optional(
              23,
              "address",
              Types.StructType.of(
                  NestedField.optional(24, "city", Types.StringType.get()),
                  NestedField.optional(
                      25,
                      "geo",
                      Types.StructType.of(
                          NestedField.optional(26, "in", Types.DoubleType.get()))))),
          NestedField.optional(27, "Mixed", Types.IntegerType.get()),
          NestedField.optional(28, "mixed", Types.IntegerType.get()),
          NestedField.optional(29, "odd \"name\"", Types.IntegerType.get()),
          NestedField.optional(30, "nothing", Types.UnknownType.get()),
          NestedField.optional(31, "oid", Types.LongType.get()));

  /** The filter cases of the access fixture, world W03, where dt is the partition key. */
  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      value = {
        "W03-23 | country = 'us' AND id > 5 | ACCEPT",
        "W03-24 | (id >= 1) OR (name LIKE 'a%') | ACCEPT",
        "W03-25 | id BETWEEN 1 AND 9 AND country IN ('us','de') | ACCEPT",
        "W03-26 | country IS NOT NULL | ACCEPT",
        "W03-27 | dt IS NULL | FILTER_NULL_ON_PARTITION",
        "W03-28 | dt = '2026-01-01' | ACCEPT",
        "W03-29 | id = name | FILTER_COLUMN_TO_COLUMN",
        "W03-30 | upper(country) = 'US' | FILTER_FUNCTION",
        "W03-31 | vat = 1 | UNKNOWN_COLUMN",
        "W03-32 | country = 'o''neil' | ACCEPT",
        "W03-33 | country == 'us' | FILTER_SYNTAX",
        "W03-34 | ctid = 1 | FILTER_RESERVED_COLUMN",
        "W03-35 | true | ACCEPT",
        "W03-36 | country = 'us' AND | FILTER_SYNTAX",
        "W03-37 | country NOT IN ('us') | ACCEPT",
        "W03-38 | id = 1 OR id = 2 AND country = 'us' | ACCEPT"
      })
  void goldenCasesHaveTheirResults(String id, String filter, String decision) {
    assertThat(decision(filter)).as(id).isEqualTo(decision);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      value = {
        "1=1 OR | FILTER_SYNTAX",
        "id = 1 -- all | FILTER_SYNTAX",
        "id = 1 /* all */ | FILTER_SYNTAX",
        "id = 1; DROP TABLE orders | FILTER_SYNTAX",
        "id IN (SELECT id FROM orders) | FILTER_SYNTAX",
        "id = 1 + 1 | FILTER_SYNTAX",
        "id = 1/0 | FILTER_SYNTAX",
        "id = NULL | FILTER_SYNTAX",
        "id = 'a | FILTER_SYNTAX",
        "id IN () | FILTER_SYNTAX",
        "paid | FILTER_SYNTAX",
        "(id = 1 | FILTER_SYNTAX",
        "id = 1) | FILTER_SYNTAX",
        "NOT | FILTER_SYNTAX",
        "id NOT = 1 | FILTER_SYNTAX",
        "id BETWEEN 1 OR 2 | FILTER_SYNTAX",
        "id = 1AND paid = TRUE | FILTER_SYNTAX",
        "id = 1e99999 | FILTER_SYNTAX",
        "id = 1 @ | FILTER_SYNTAX",
        "name LIKE 5 | FILTER_SYNTAX",
        "name LIKE 'a' ESCAPE 'b' | FILTER_SYNTAX",
        "vat @ 'unknown before syntax' | UNKNOWN_COLUMN",
        "id = 'wrong' AND | FILTER_TYPE_MISMATCH",
        "id IN (1, 'x' | FILTER_TYPE_MISMATCH",
        "id.x = 1 | UNKNOWN_COLUMN",
        "address.street = 'x' | UNKNOWN_COLUMN",
        "MIXED = 1 | UNKNOWN_COLUMN",
        "\"us\" = country | UNKNOWN_COLUMN",
        "country = \"us\" | FILTER_COLUMN_TO_COLUMN",
        "country LIKE name | FILTER_COLUMN_TO_COLUMN",
        "id BETWEEN 1 AND small | FILTER_COLUMN_TO_COLUMN",
        "id IN (1, small) | FILTER_COLUMN_TO_COLUMN",
        "id = orders.small | FILTER_COLUMN_TO_COLUMN",
        "date = current_date | FILTER_COLUMN_TO_COLUMN",
        "date = now() | FILTER_FUNCTION",
        "date = DATE('2026-01-01') | FILTER_FUNCTION",
        "a.b(1) = 1 | FILTER_FUNCTION",
        "\"upper\" (name) = 'A' | FILTER_FUNCTION",
        "ctid() = 1 | FILTER_FUNCTION",
        "OID = 1 | FILTER_RESERVED_COLUMN",
        "\"xmin\" = 1 | FILTER_RESERVED_COLUMN",
        "tags = 'a' | FILTER_UNSUPPORTED_TYPE",
        "tags.element = 'a' | FILTER_UNSUPPORTED_TYPE",
        "labels IS NULL | FILTER_UNSUPPORTED_TYPE",
        "labels.key = 'a' | FILTER_UNSUPPORTED_TYPE",
        "address IS NULL | FILTER_UNSUPPORTED_TYPE",
        "address.geo = 1 | FILTER_UNSUPPORTED_TYPE",
        "dt IS NOT NULL | FILTER_NULL_ON_PARTITION",
        "DT IS NULL | FILTER_NULL_ON_PARTITION",
        "dt.year = 1 | FILTER_NESTED_PARTITION"
      })
  void eachErrorHasItsCode(String filter, String code) {
    assertThat(decision(filter)).isEqualTo(code);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "id = 1.5",
        "id = 9223372036854775808",
        "id = TRUE",
        "id LIKE '1%'",
        "small = 2147483648",
        "price = 1.005",
        "price = 10000000",
        "ratio = 1e999",
        "ratio = '1'",
        "single = 1e39",
        "paid = 1",
        "paid = 'true'",
        "name = 1",
        "name = DATE '2026-01-01'",
        "date = '2026-01-01'",
        "date = DATE '2026-02-30'",
        "date = TIMESTAMP '2026-01-01 00:00:00'",
        "at = TIMESTAMP '2026-01-01 00:00:00'",
        "at = TIMESTAMP '2026-01-01 00:00:00.1234567Z'",
        "at = TIMESTAMP '+999999-01-01T00:00:00Z'",
        "local = TIMESTAMP '2026-01-01 00:00:00Z'",
        "local = DATE '2026-01-01'",
        "nanos = TIMESTAMP '2500-01-01T00:00:00Z'",
        "clock = '25:00:00'",
        "clock = '10:00:00.1234567'",
        "key = 'no uuid'",
        "key = '1-1-1-1-1'",
        "raw = 'bytes'"
      })
  void constantOutsideOfItsColumnTypeIsRejected(String filter) {
    assertThat(decision(filter)).isEqualTo("FILTER_TYPE_MISMATCH");
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      value = {
        "  NOT(NOT  Country='us')  | country = 'us'",
        "((id=1)AND((name='a')and(small=2))) | id = 1 AND name = 'a' AND small = 2",
        "id = 1 OR (id = 2 OR id = 3) | id = 1 OR id = 2 OR id = 3",
        "(id = 1 OR id = 2) AND small != 3 | (id = 1 OR id = 2) AND small <> 3",
        "(id = 1 AND id = 2) OR small > 3 | id = 1 AND id = 2 OR small > 3",
        "not (id = 1 or id = 2) | NOT (id = 1 OR id = 2)",
        "NOT id IN (3, +1, 2.0, 1) | id NOT IN (1, 2, 3)",
        "NOT id IS NULL | id IS NOT NULL",
        "NOT (id NOT BETWEEN 1e1 AND 20.) | id BETWEEN 10 AND 20",
        "NOT id < 5 | NOT id < 5",
        "NOT TRUE | NOT TRUE",
        "price = .50 | price = 0.5",
        "price = -0.00 | price = 0",
        "ratio = -0.0 | ratio = 0",
        "ratio > 1E300 | ratio > 1.0E300",
        "single >= 0.1 | single >= 0.1",
        "paid = true | paid = TRUE",
        "date >= date '2026-01-01' | date >= DATE '2026-01-01'",
        "at < TIMESTAMP '2026-01-01 02:00:00.5+02:00' | at < TIMESTAMP '2026-01-01T00:00:00.500Z'",
        "local = timestamp '2026-01-01 10:00' | local = TIMESTAMP '2026-01-01T10:00:00'",
        "nanos = TIMESTAMP '1677-09-21T00:12:43.145224192Z' | nanos = TIMESTAMP"
            + " '1677-09-21T00:12:43.145224192Z'",
        "clock = '10:00' | clock = '10:00:00'",
        "key = '00000000-0000-0000-8000-0000000000FF' | key ="
            + " '00000000-0000-0000-8000-0000000000ff'",
        "raw IS NULL | raw IS NULL",
        "ADDRESS.CITY LIKE '%''%' | address.city LIKE '%''%'",
        "address.geo.in > 1 | address.geo.\"in\" > 1",
        "\"address\".\"city\" = 'x' | address.city = 'x'",
        "mixed = 1 OR Mixed = 2 | mixed = 1 OR Mixed = 2",
        "\"odd \"\"name\"\"\" = 1 | \"odd \"\"name\"\"\" = 1",
        "nothing = 5 OR nothing = 'a' OR nothing LIKE 'b' | nothing = 5 OR nothing = 'a' OR nothing"
            + " LIKE 'b'"
      })
  void equalFiltersHaveTheSameCanonicalText(String filter, String canonical) {
    RowPredicate predicate = RowPredicate.parse(filter, ORDERS);

    assertThat(predicate.text()).isEqualTo(canonical);
    assertThat(RowPredicate.parse(canonical, ORDERS))
        .isEqualTo(predicate)
        .hasSameHashCodeAs(predicate);
  }

  @Test
  void filterHasFewerThan65536Characters() {
    String most = "country = '" + "x".repeat(65_535 - 12) + "'";
    assertThat(most).hasSize(65_535);
    assertThat(decision(most)).isEqualTo("ACCEPT");
    assertThat(decision(most.replace("'x", "'xx"))).isEqualTo("FILTER_TOO_LONG");
    assertThat(decision("id @ ".repeat(14_000))).isEqualTo("FILTER_TOO_LONG");
    assertThat(decision("country = '" + "\uD83D\uDE00".repeat(65_535 - 12) + "'"))
        .isEqualTo("ACCEPT");
  }

  @Test
  void theRowFilterOfAGrantHasFewerThan2048Characters() {
    MeshAction action = MeshAction.of(Verb.GRANT, "shop/orders");
    String most = "country = '" + "x".repeat(2047 - 12) + "'";
    RowPredicate.requireRowFilter(most, action);
    RowPredicate.requireRowFilter("country = '" + "\uD83D\uDE00".repeat(2047 - 12) + "'", action);
    assertThatThrownBy(() -> RowPredicate.requireRowFilter(most + " ", action))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContainingAll("shop/orders", "2048 characters", "Lake Formation");
  }

  @Test
  void aFilterThatIsNestedAsDeepAsPossibleIsEvaluated() {
    String deep = "id = 1 OR (dt = 'a' AND (".repeat(128) + "id = 2" + "))".repeat(128);
    RowPredicate predicate = RowPredicate.parse(deep, ORDERS);
    assertThat(RowPredicate.parse(predicate.text(), ORDERS)).isEqualTo(predicate);
    assertThat(predicate.toIceberg()).isNotNull();
    assertThat(decision("((((" + deep + "))))")).isEqualTo("ACCEPT");
    assertThat(decision("id = 3 OR (dt = 'b' AND (" + deep + "))")).isEqualTo("FILTER_SYNTAX");
  }

  @Test
  void parenthesesAndNegationsUseNoStack() {
    String deep = "(".repeat(1000) + "id=1" + ")".repeat(1000);
    assertThat(RowPredicate.parse(deep, ORDERS).text()).isEqualTo("id = 1");
    assertThat(RowPredicate.parse("NOT ".repeat(500) + "id=1", ORDERS).text()).isEqualTo("id = 1");
    assertThat(decision("(".repeat(2000))).isEqualTo("FILTER_SYNTAX");
  }

  @Test
  void textStaysAsWrittenIfItsCanonicalFormExceedsTheLimit() {
    String filter = "id=1" + " OR id=1".repeat(254);
    RowPredicate predicate = RowPredicate.parse(filter, ORDERS);

    assertThat(predicate.text()).isEqualTo(filter);
    assertThat(RowPredicate.parse(predicate.text(), ORDERS)).isEqualTo(predicate);
  }

  @Test
  void loneSurrogateIsRejected() {
    assertThat(decision("country = '\uD83D'")).isEqualTo("FILTER_SYNTAX");
  }

  @Test
  void columnsAreListedOnceByNameAndFieldId() {
    RowPredicate predicate =
        RowPredicate.parse("ID = 1 OR address.geo.in > 2 OR id = 3 OR NOT dt = 'a'", ORDERS);

    assertThat(predicate.columns()).containsExactly("id", "address.geo.in", "dt");
    assertThat(predicate.fieldIds()).containsExactly(1, 26, 5);
    assertThat(RowPredicate.parse("TRUE", ORDERS).columns()).isEmpty();
  }

  @Test
  void messagesContainPositionAndRuleButNeverAConstant() {
    assertThatThrownBy(() -> RowPredicate.parse("country = 'x' AND price = 'secret'", ORDERS))
        .isInstanceOfSatisfying(
            InvalidRequestException.class,
            refused -> {
              assertThat(refused.code()).isEqualTo(ErrorCode.FILTER_INVALID.code());
              assertThat(refused.findings()).hasSize(1);
              assertThat(refused.findings().get(0).where()).isEqualTo("price");
            })
        .hasMessageContainingAll("character 27", "column price", "decimal(9, 2)", "Nothing")
        .hasMessageNotContaining("secret");
    assertThatThrownBy(() -> RowPredicate.parse("country = \"secret\"", ORDERS))
        .hasMessageContaining("character 11")
        .hasMessageNotContaining("secret");
    assertThatThrownBy(() -> RowPredicate.parse("\"secret\" = country", ORDERS))
        .hasMessageNotContaining("secret");
    assertThatThrownBy(() -> RowPredicate.parse("vat = 1", ORDERS))
        .hasMessageContaining("column vat");
    assertThatThrownBy(() -> RowPredicate.parse("country == 'secret'", ORDERS))
        .hasMessageContainingAll(
            "character 10", "a constant is expected", "combines conditions with AND, OR")
        .hasMessageNotContaining("secret");
    assertThat(RowPredicate.parse("country = 'secret'", ORDERS).toString())
        .contains("country")
        .doesNotContain("secret");
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      value = {
        "contry = 1 | column contry: no column has this name | Did you mean 'country'?",
        "address.citty = 1 | no field of address has this name | Did you mean 'address.city'?",
        "zzzzzzzz = 1 | no column has this name | The columns are id, name, email",
        "address.zzzzzz = 1 | no field of address has this name | The fields are city, geo.",
        "address IS NULL | it is a struct | such as address.city.",
        "tags = 'a' | it is an array | of a primitive type",
        "labels = 'a' | it is a map | of a primitive type",
        "1=1 OR | character 1, a constant is used where a column is expected | column first",
        "id IN (SELECT 1) | character 8, a query is used | Run the query first",
        "id = 1 -- x | character 8, comments are not supported | Remove the comment",
        "id = 1 /* x | character 8, comments are not supported | Remove the comment",
        "id = 1/0 | character 7, unexpected character | Arithmetic is not supported",
        "id = 1 && id = 2 | character 8, unexpected characters | Use AND.",
        "id = null | character 6, NULL is used | Write IS NULL or IS NOT NULL",
        "select = 'x' | character 1, a column, TRUE, FALSE, NOT or ( is expected, and select is a"
            + " reserved word | double quotes: \"select\"",
        "id = 1 AND Like IS NULL | character 12 | double quotes: \"Like\"",
        "not = 1 | character 1, not is a reserved word | double quotes: \"not\"",
        "true = 1 | character 1, true is a reserved word | double quotes: \"true\"",
        "date = DATE '2026-02-30' | column date: the constant is not a date in the calendar | DATE",
        "at = TIMESTAMP '2026-01-01 08:00:00' | the zone is missing | 'yyyy-mm-dd hh:mm:ssZ'",
        "at = TIMESTAMP '2026-02-30 08:00:00Z' | is not a time in the calendar | Write TIMESTAMP",
        "at = TIMESTAMP '2026-01-01 00:00:00.1234567Z' | is finer than the type | Write TIMESTAMP",
        "local = TIMESTAMP '2026-01-01 08:00:00Z' | the constant has a zone | without an offset",
        "date = TIMESTAMP '2026-01-01 00:00:00' | has the type date | Write DATE",
        "`` | character 1, the filter ends where a column | AND country IN ('SE', 'NO')"
      })
  void messagesExplainTheErrorAndItsFix(String filter, String why, String fix) {
    assertThatThrownBy(
            () ->
                RowPredicate.parse(
                    filter == null ? "" : filter, ORDERS, MeshAction.of(Verb.READ, "shop/orders")))
        .hasMessageStartingWith("Cannot read shop/orders with this filter: at character ")
        .hasMessageContainingAll(why, fix, "Nothing was read or changed");
  }

  @Test
  void reservedWordsNameColumnsInDoubleQuotes() {
    Schema table =
        new Schema(
            NestedField.optional(1, "select", Types.StringType.get()),
            NestedField.optional(
                2,
                "is",
                Types.StructType.of(NestedField.optional(3, "null", Types.LongType.get()))));

    assertThat(RowPredicate.parse("\"SELECT\" = 'x' AND \"is\".\"null\" = 1", table).text())
        .isEqualTo("\"select\" = 'x' AND \"is\".\"null\" = 1");
    assertThatThrownBy(() -> RowPredicate.parse("`select` = 'x'", table))
        .hasMessageContaining("Enclose names in double quotes");
  }

  private static final Schema STATES =
      new Schema(
          NestedField.optional(1, "status", Types.StringType.get()),
          NestedField.optional(
              2,
              "order",
              Types.StructType.of(NestedField.optional(3, "state", Types.StringType.get()))));

  private static final org.apache.avro.Schema CONTRACT_OF_STATES =
      new org.apache.avro.Schema.Parser()
          .parse(
              """
              {"type":"record","name":"R","fields":[
                {"name":"status","type":{"type":"enum","name":"S","symbols":["NEW","PAID"]}},
                {"name":"order","type":["null",{"type":"record","name":"O","fields":[
                  {"name":"state","type":["null","S"]}]}]}]}
              """);

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      value = {
        "status = 'PIAD' | character 10 | Did you mean 'PAID'?",
        "status <> 'paid' | character 11 | Did you mean 'PAID'?",
        "status IN ('NEW', 'CANCELED') | character 19 | The symbols are NEW, PAID.",
        "order.state = 'NEWS' | column order.state | Did you mean 'NEW'?"
      })
  void constantThatNoSymbolOfAnEnumEqualsIsRejected(String filter, String why, String fix) {
    assertThatThrownBy(
            () ->
                RowPredicate.parse(
                    filter, STATES, CONTRACT_OF_STATES, MeshAction.of(Verb.READ, "shop/orders")))
        .hasMessageContainingAll("no symbol of its enum", why, fix)
        .hasMessageNotContainingAny("PIAD", "CANCELED");
    assertThat(RowPredicate.fault(filter, STATES, CONTRACT_OF_STATES)).isPresent();
    // Stored filters remain valid.
    assertThat(RowPredicate.fault(filter, STATES)).isEmpty();
  }

  @Test
  void symbolsRangesAndPatternsOfAnEnumAreAccepted() {
    String filter = "status IN ('NEW', 'PAID') OR status LIKE 'P%' OR order.state < 'M'";

    assertThat(RowPredicate.fault(filter, STATES, CONTRACT_OF_STATES)).isEmpty();
  }

  private static String decision(String filter) {
    InvalidRequestException refused =
        catchThrowableOfType(
            InvalidRequestException.class,
            () ->
                RowPredicate.parse(
                    filter, ORDERS, Set.of(5), MeshAction.of(Verb.READ, "shop/orders")));
    if (refused == null) {
      return "ACCEPT";
    }
    assertThat(refused.code()).isEqualTo(ErrorCode.FILTER_INVALID.code());
    return refused.findings().get(0).code().name();
  }

  @ParameterizedTest
  @CsvSource({"nothing_like_it,no column has this name", "id,type", "oid,reserved", "tags,array"})
  void anErrorOfAListOfValuesNamesTheColumnAndNoCharacter(String column, String why) {
    GivenFilter list = GivenFilter.in("whereIn", column, List.of("Ann-7"));

    assertThatThrownBy(
            () -> RowPredicate.parse(list, ORDERS, null, MeshAction.of(Verb.READ, "a/b")))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContainingAll("Cannot read a/b by these values", column, why)
        .hasMessageNotContainingAny("character", "single quotes", "Ann-7")
        .satisfies(
            failure ->
                assertThat(((InvalidRequestException) failure).findings())
                    .noneMatch(finding -> finding.toString().contains("character")));
  }
}
