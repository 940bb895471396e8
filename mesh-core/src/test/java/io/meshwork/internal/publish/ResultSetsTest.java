package io.meshwork.internal.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.consume.Rows;
import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.error.BackendException;
import io.meshwork.error.ContractViolationException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import io.meshwork.publish.Publish;
import io.meshwork.publish.PublishReceipt;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows of SQLite and DuckDB are published from their result sets. */
class ResultSetsTest {
  private static final String SALES = "types/sales";
  private static final String SQLITE = "jdbc:sqlite::memory:";
  private static final String DUCKDB = "jdbc:duckdb:";

  private static final String ALL_TYPES =
      """
      {'name':'bool','type':['null','boolean']},
      {'name':'whole','type':['null','int']},
      {'name':'large','type':['null','long']},
      {'name':'single','type':['null','float']},
      {'name':'double','type':['null','double']},
      {'name':'price','type':['null',{'type':'bytes','logicalType':'decimal','precision':12,'scale':2}]},
      {'name':'huge','type':['null',{'type':'bytes','logicalType':'decimal','precision':38,'scale':0}]},
      {'name':'text','type':['null','string']},
      {'name':'channel','type':['null',{'type':'enum','name':'Channel','symbols':['WEB','SHOP']}]},
      {'name':'day','type':['null',{'type':'int','logicalType':'date'}]},
      {'name':'clock','type':['null',{'type':'long','logicalType':'time-micros'}]},
      {'name':'local','type':['null',{'type':'long','logicalType':'local-timestamp-micros'}]},
      {'name':'at','type':['null',{'type':'long','logicalType':'timestamp-micros'}]},
      {'name':'id','type':['null',{'type':'string','logicalType':'uuid'}]},
      {'name':'blob','type':['null','bytes']},
      {'name':'hash','type':['null',{'type':'fixed','name':'Hash','size':2}]}
      """;

  private static final Map<String, Object> ALL_VALUES = new HashMap<>();

  static {
    ALL_VALUES.put("bool", true);
    ALL_VALUES.put("whole", -7);
    ALL_VALUES.put("large", 9_999_999_999L);
    ALL_VALUES.put("single", 1.5f);
    ALL_VALUES.put("double", 0.1);
    ALL_VALUES.put("price", new BigDecimal("-12.30"));
    ALL_VALUES.put("huge", new BigDecimal("12345"));
    ALL_VALUES.put("text", "Zürich");
    ALL_VALUES.put("channel", "WEB");
    ALL_VALUES.put("day", LocalDate.parse("2026-11-20"));
    ALL_VALUES.put("clock", LocalTime.parse("10:00:00.123456"));
    ALL_VALUES.put("local", LocalDateTime.parse("2026-11-20T10:00:00.123456"));
    ALL_VALUES.put("at", Instant.parse("2026-11-20T08:00:00.123456Z"));
    ALL_VALUES.put("id", UUID.fromString("123e4567-e89b-12d3-a456-426614174000"));
    ALL_VALUES.put("blob", ByteBuffer.wrap(new byte[] {1, 2, 3}));
    ALL_VALUES.put("hash", ByteBuffer.wrap(new byte[] {4, 5}));
  }

  private static final String NULLS =
      "select "
          + String.join(", ", ALL_VALUES.keySet().stream().map(name -> "null as " + name).toList());

  @TempDir private Path folder;
  private Mesh mesh;
  private MeshClient owner;

  @BeforeEach
  void open() {
    mesh = LocalMesh.open(folder.resolve("mesh"));
    owner = mesh.clientAs(Principal.of("types", "etl"));
    owner.registerDomain("types").owner("types@example.org").commit();
  }

  @AfterEach
  void close() {
    mesh.close();
  }

  private static Contract contract(String fields) {
    return Contract.of(
        new Schema.Parser()
            .parse(
                "{'type':'record','name':'Row','fields':[%s]}"
                    .formatted(fields)
                    .replace('\'', '"')));
  }

  private void define(Contract contract) {
    owner.defineProduct(SALES).contract(contract).commit();
  }

  private List<Map<String, Object>> rows() {
    try (Rows<Map<String, Object>> rows = owner.read(SALES).asMaps().rows()) {
      return rows.stream().toList();
    }
  }

  private interface Step {
    void use(ResultSet rows) throws SQLException;
  }

  /** Runs statements, of which the last one is a query. */
  private static void query(String url, Step step, String... statements) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      for (int i = 0; i < statements.length - 1; i++) {
        statement.execute(statements[i]);
      }
      try (ResultSet rows = statement.executeQuery(statements[statements.length - 1])) {
        step.use(rows);
      }
    }
  }

  private PublishReceipt publish(String url, String... statements) throws SQLException {
    PublishReceipt[] receipt = new PublishReceipt[1];
    query(url, rows -> receipt[0] = owner.publish(SALES).resultSet(rows).commit(), statements);
    return receipt[0];
  }

  @Test
  void columnsOfDuckDbHaveTheirValues() throws SQLException {
    define(contract(ALL_TYPES));

    publish(
        DUCKDB,
        """
        select true as bool, (-7)::smallint as whole, 9999999999 as large, 1.5::float as single,
          0.1::double as double, (-12.3)::decimal(9,4) as price, 12345::hugeint as huge,
          'Zürich' as text, 'WEB'::enum('WEB','SHOP') as channel, date '2026-11-20' as day,
          time '10:00:00.123456' as clock, timestamp '2026-11-20 10:00:00.123456' as local,
          timestamptz '2026-11-20 10:00:00.123456+02' as at,
          uuid '123e4567-e89b-12d3-a456-426614174000' as id,
          '\\x01\\x02\\x03'::blob as blob, '\\x04\\x05'::blob as hash
        union all select null, null, null, null, null, null, null, null, null, null, null, null,
          null, null, null, null
        """);

    assertValuesAndNulls();
  }

  private void assertValuesAndNulls() {
    Map<String, Object> nulls = new HashMap<>(ALL_VALUES);
    nulls.replaceAll((column, value) -> null);
    assertThat(rows()).containsExactlyInAnyOrder(ALL_VALUES, nulls);
  }

  @Test
  void columnsOfSqliteHaveTheirValues() throws SQLException {
    define(contract(ALL_TYPES));

    publish(
        SQLITE,
        """
        create table t(bool boolean, whole integer, large bigint, single real, double double,
          price decimal(12,2), huge text, text text, channel text, day date, clock text,
          local timestamp, at text, id text, blob blob, hash blob)
        """,
        "insert into t default values",
        """
        insert into t values(1, -7, 9999999999, 1.5, 0.1, -12.30, '12345', 'Zürich', 'WEB',
          '2026-11-20', '10:00:00.123456', '2026-11-20 10:00:00.123456',
          '2026-11-20 10:00:00.123456+02:00', '123e4567-e89b-12d3-a456-426614174000', x'010203',
          x'0405')
        """,
        "select * from t");

    assertValuesAndNulls();
  }

  /** Java 17 prints 2e23 as 1.9999999999999998E23. */
  @Test
  void aRealOfSqliteIsTheShortestDecimalThatDenotesIt() throws SQLException {
    define(
        contract(
            "{'name':'huge','type':{'type':'bytes','logicalType':'decimal',"
                + "'precision':38,'scale':0}}"));

    publish(SQLITE, "select 2e23 as huge");

    assertThat(rows().get(0)).containsEntry("huge", new BigDecimal("200000000000000000000000"));
  }

  @Test
  void aResultWithoutRowsOrWithNullsOnlyIsPublished() throws SQLException {
    define(contract(ALL_TYPES));

    assertThat(publish(SQLITE, NULLS + " where false").quality().rowsAccepted()).isZero();
    assertThat(publish(SQLITE, NULLS).quality().rowsAccepted()).isEqualTo(1);
    assertThat(publish(DUCKDB, NULLS).quality().rowsAccepted()).isEqualTo(1);
    assertThat(rows()).hasSize(2).allSatisfy(row -> assertThat(row.values()).containsOnlyNulls());
  }

  @Test
  void aColumnOfTheTypeNullIsNullInEachKindOfColumn() throws SQLException {
    define(
        contract(
            ORDER
                + ",{'name':'tags','type':['null',{'type':'array','items':'string'}],"
                + "'default':null}"));

    publish(DUCKDB, "select 1 as orderId, 'Bergen' as city, null as note, null as tags");
    assertThat(rows()).singleElement().asString().contains("note=null", "tags=null");
    assertThatThrownBy(() -> publish(DUCKDB, "select null as orderId"))
        .isInstanceOf(ContractViolationException.class)
        .hasMessageContaining("orderId is null or missing, but required");
  }

  private static final String ORDER =
      """
      {'name':'orderId','type':'long'},
      {'name':'city','type':'string','default':'Oslo'},
      {'name':'note','type':['null','string'],'default':null}
      """;

  @Test
  void columnsAreMatchedByLabelAndOtherwiseRegardlessOfCase() throws SQLException {
    define(contract(ORDER));

    publish(DUCKDB, "select 1 as ORDERID");
    publish(DUCKDB, "select 'Rome' as city, 2 as \"orderId\"");
    publish(SQLITE, "select 'x' as NOTE, 3 as orderid");

    assertThat(rows())
        .extracting(row -> row.get("orderId"), row -> row.get("city"), row -> row.get("note"))
        .containsExactly(tuple(1L, "Oslo", null), tuple(2L, "Rome", null), tuple(3L, "Oslo", "x"));
  }

  @Test
  void unknownRepeatedAndMissingColumnsAreRejectedByName() throws SQLException {
    define(contract(ORDER));

    ContractViolationException refused =
        refused(SQLITE, "select 1 as orderid, 2 as ORDERID, 'a' as citi");
    assertThat(refused).hasMessageContainingAll(SALES, "from a result set", "orderId", "2 times");
    assertThat(refused.findings())
        .extracting(Finding::code, Finding::where)
        .containsExactly(
            tuple(FindingCode.DUPLICATE_COLUMN, "orderId"),
            tuple(FindingCode.UNKNOWN_COLUMN, "citi"));
    assertThat(refused(SQLITE, "select 'a' as city"))
        .hasMessageContainingAll("no column 'orderId'", "alias", "Nothing was published");
    query(
        SQLITE,
        rows -> owner.publish(SALES).resultSet(rows).ignoreUnknownColumns().commit(),
        "select 4 as \"orderId\", 5 as other");

    assertThat(rows()).extracting(row -> row.get("orderId")).containsExactly(4L);
  }

  private ContractViolationException refused(String url, String... statements) throws SQLException {
    ContractViolationException[] refused = new ContractViolationException[1];
    query(
        url,
        rows ->
            refused[0] =
                catchThrowableOfType(
                    ContractViolationException.class,
                    () -> owner.publish(SALES).resultSet(rows).commit()),
        statements);
    assertThat(refused[0]).isNotNull();
    return refused[0];
  }

  @Test
  void columnsOfOtherSqlTypesAreRejectedBeforeARowIsRead() throws SQLException {
    define(
        contract(
            """
            {'name':'id','type':'int'},
            {'name':'at','type':{'type':'long','logicalType':'timestamp-micros'}},
            {'name':'day','type':{'type':'int','logicalType':'date'}},
            {'name':'text','type':'string'},
            {'name':'marks','type':{'type':'array','items':'int'}},
            {'name':'part','type':['null',{'type':'map','values':'int'}]}
            """));

    ContractViolationException refused =
        refused(
            DUCKDB,
            """
            select 1::bigint as id, timestamp '2026-11-20 10:00:00' as at, '2026-11-20' as day,
              5 as text, [1, 2] as marks, map {'k': 1} as part
            """);

    assertThat(refused.errorCode()).isEqualTo(ErrorCode.SCHEMA_MISMATCH);
    assertThat(refused.findings())
        .extracting(Finding::where)
        .containsExactly("id", "at", "day", "text", "marks", "part");
    assertThat(refused.findings()).allMatch(each -> each.code() == FindingCode.TYPE_MISMATCH);
    assertThat(refused.findings().get(0).what()).contains("BIGINT", "int");
    assertThat(refused.findings().get(0).fix()).contains("cast");
    assertThat(refused.findings().get(1).what())
        .contains("TIMESTAMP", "an instant, which needs TIMESTAMP WITH TIME ZONE");
    assertThat(refused.findings().get(4).what()).contains("INTEGER[]", "array of int");
    assertThat(refused.findings().get(4).fix()).contains("records(..)");
  }

  @Test
  void aTextThatIsNoDateIsRejectedWithTheFormThatFits() throws SQLException {
    define(contract("{'name':'day','type':{'type':'int','logicalType':'date'}}"));

    assertThat(refused(SQLITE, "select '2026-13-01' as day"))
        .hasMessageContaining("a text that is not a date in ISO 8601, such as 2026-01-31")
        .hasMessageNotContaining("2026-13-01");
    publish(SQLITE, "select '2026-11-20' as day");

    assertThat(rows())
        .extracting(row -> row.get("day"))
        .containsExactly(LocalDate.parse("2026-11-20"));
  }

  @Test
  void aValueThatDoesNotFitIsABadRowWithItsNumber() throws SQLException {
    define(
        contract(
                """
                {'name':'id','type':'int'},
                {'name':'price','type':
                  {'type':'bytes','logicalType':'decimal','precision':4,'scale':2}},
                {'name':'at','type':['null',{'type':'long','logicalType':'timestamp-micros'}]}
                """)
            .onViolation(OnViolation.QUARANTINE)
            .maxQuarantineShare(90));

    PublishReceipt receipt =
        publish(
            SQLITE,
            """
            with t(id, price, at) as (values
              (1, 12.34, null),
              (5000000000, 1, null),
              (3, 1.234, null),
              (4, 123.45, null),
              (5, 'secret', null),
              (6, 1, '2026-11-20 10:00:00'),
              (7, 0.1, '2026-11-20T10:00:00Z'))
            select * from t
            """);

    assertThat(receipt.quality().rowsAccepted()).isEqualTo(2);
    assertThat(receipt.quality().violations())
        .extracting(Finding::code, Finding::where, Finding::count)
        .containsExactlyInAnyOrder(
            tuple(FindingCode.TYPE_MISMATCH, "id", 1L),
            tuple(FindingCode.DECIMAL_SCALE, "price", 1L),
            tuple(FindingCode.DECIMAL_PRECISION, "price", 1L),
            tuple(FindingCode.TYPE_MISMATCH, "price", 1L),
            tuple(FindingCode.TYPE_MISMATCH, "at", 1L));
    try (Rows<Map<String, Object>> aside = owner.quarantine(SALES).asMaps().rows()) {
      assertThat(aside.stream())
          .extracting(row -> row.get("row_number"), row -> row.get("row"))
          .contains(tuple(2L, "{\"id\":5000000000,\"price\":1,\"at\":null}"))
          .contains(tuple(5L, "{\"id\":5,\"price\":\"secret\",\"at\":null}"))
          .hasSize(5);
    }
  }

  @Test
  void theValuesOfABadRowAreReadOnce() throws SQLException {
    define(
        contract(
                """
                {'name':'id','type':'int'},
                {'name':'day','type':{'type':'int','logicalType':'date'}},
                {'name':'price','type':
                  {'type':'bytes','logicalType':'decimal','precision':4,'scale':2}},
                {'name':'city','type':'string'},
                {'name':'share','type':'double'}
                """)
            .onViolation(OnViolation.QUARANTINE)
            .maxQuarantineShare(90));

    query(
        DUCKDB,
        rows -> owner.publish(SALES).resultSet(readingOnce(rows)).commit(),
        """
        select 1 as ID, date '2026-11-20' as day, 1.5::decimal(9,4) as price, 'Oslo' as city,
          0.5::double as share
        union all select 2, date '2026-11-21', 99999.1234::decimal(9,4), 'Rome', 0.25::double
        order by 1
        """);

    try (Rows<Map<String, Object>> aside = owner.quarantine(SALES).asMaps().rows()) {
      assertThat(aside.stream())
          .extracting(row -> row.get("row_number"), row -> row.get("row"))
          .containsExactly(
              tuple(
                  2L,
                  "{\"id\":2,\"day\":\"2026-11-21\",\"price\":\"99999.1234\","
                      + "\"city\":\"Rome\",\"share\":0.25}"));
    }
  }

  /** The result set, whose driver returns each value of a row once. */
  private static ResultSet readingOnce(ResultSet rows) {
    Set<Object> read = new HashSet<>();
    return (ResultSet)
        Proxy.newProxyInstance(
            ResultSetsTest.class.getClassLoader(),
            new Class<?>[] {ResultSet.class},
            (proxy, called, arguments) -> {
              if (called.getName().equals("next")) {
                read.clear();
              } else if (called.getName().startsWith("get")
                  && arguments != null
                  && !read.add(arguments[0])) {
                throw new SQLException("column " + arguments[0] + " was read before", "07009");
              }
              try {
                return called.invoke(rows, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  @Test
  void aWholeDecimalFitsAnIntColumnIfItIsInRange() throws SQLException {
    define(contract("{'name':'id','type':['null','int']}"));

    publish(
        DUCKDB,
        """
        select (-2147483648)::decimal(12,0) as id union all select 7.00::decimal(12,2)
        union all select null
        """);
    assertThat(rows())
        .extracting(row -> row.get("id"))
        .containsExactlyInAnyOrder(Integer.MIN_VALUE, 7, null);
    for (String value : List.of("2147483648::decimal(12,0)", "7.5::decimal(12,1)")) {
      ContractViolationException refused = refused(DUCKDB, "select " + value + " as id");
      assertThat(refused.findings())
          .extracting(Finding::code, Finding::where)
          .containsExactly(tuple(FindingCode.TYPE_MISMATCH, "id"));
    }
  }

  @Test
  void integersBeyondTheirColumnAreBadRows() throws SQLException {
    define(contract("{'name':'large','type':'long'}"));

    assertThat(refused(DUCKDB, "select 18446744073709551615::ubigint as large"))
        .hasMessageContainingAll("1 of 1 row", "large")
        .hasMessageNotContaining("18446744073709551615");
    publish(DUCKDB, "select sum(i) as large from range(5) t(i)");

    assertThat(rows()).extracting(row -> row.get("large")).containsExactly(10L);
  }

  @Test
  void unsignedIntegersOf64BitsAreReadWithoutASign() throws SQLException {
    define(
        contract(
            """
            {'name':'large','type':['null','long']},
            {'name':'huge','type':
              {'type':'bytes','logicalType':'decimal','precision':20,'scale':0}}
            """));

    query(
        DUCKDB,
        rows -> owner.publish(SALES).resultSet(ofUnsignedBigints(rows)).commit(),
        "select 7::ubigint as large, 18446744073709551615::ubigint as huge");
    query(
        DUCKDB,
        rows ->
            assertThatThrownBy(
                    () -> owner.publish(SALES).resultSet(ofUnsignedBigints(rows)).commit())
                .isInstanceOf(ContractViolationException.class)
                .hasMessageContainingAll("1 of 1 row", "large"),
        "select 9223372036854775808::ubigint as large, 1::ubigint as huge");

    assertThat(rows())
        .extracting(row -> row.get("large"), row -> row.get("huge").toString())
        .containsExactly(tuple(7L, "18446744073709551615"));
  }

  /** The result set as drivers of MySQL and MariaDB give it: BIGINT, and no long above its end. */
  private static ResultSet ofUnsignedBigints(ResultSet rows) {
    return proxy(
        ResultSet.class,
        rows,
        (called, value) ->
            switch (called) {
              case "getMetaData" ->
                  proxy(
                      ResultSetMetaData.class,
                      (ResultSetMetaData) value,
                      (of, found) ->
                          switch (of) {
                            case "getColumnType" -> Types.BIGINT;
                            case "getColumnTypeName" -> "BIGINT UNSIGNED";
                            default -> found;
                          });
              case "getLong" -> throw new SQLException("Value is out of range", "22003");
              default -> value;
            });
  }

  private interface Changed {
    Object of(String called, Object value) throws SQLException;
  }

  private static <T> T proxy(Class<T> type, T real, Changed changed) {
    return type.cast(
        Proxy.newProxyInstance(
            ResultSetsTest.class.getClassLoader(),
            new Class<?>[] {type},
            (proxy, called, arguments) -> {
              try {
                return changed.of(called.getName(), called.invoke(real, arguments));
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            }));
  }

  @Test
  void manyRowsAreStreamedFromTheRowAfterTheCurrentOne() throws SQLException {
    define(contract("{'name':'id','type':'long'},{'name':'city','type':'string'}"));

    query(
        DUCKDB,
        rows -> {
          assertThat(rows.next()).isTrue();
          PublishReceipt receipt = owner.publish(SALES).resultSet(rows).commit();
          assertThat(receipt.quality().rowsAccepted()).isEqualTo(49_999);
          assertThat(rows.isClosed()).isFalse();
          assertThat(rows.next()).isFalse();
        },
        "select i as id, 'city ' || i % 7 as city from range(50000) t(i) order by i");

    assertThat(rows())
        .hasSize(49_999)
        .allSatisfy(
            row -> assertThat(row.get("city")).isEqualTo("city " + (long) row.get("id") % 7))
        .extracting(row -> row.get("id"))
        .startsWith(1L)
        .doesNotHaveDuplicates();
  }

  @Test
  void aMappingToAnotherMajorVersionGetsTheRowsAsAvroRecords() throws SQLException {
    define(contract("{'name':'id','type':'long'},{'name':'city','type':'string'}"));
    owner
        .startRollout(SALES)
        .contract(contract("{'name':'code','type':'string'}"))
        .because("Codes")
        .commit()
        .activate()
        .commit();

    query(
        SQLITE,
        rows ->
            owner
                .publish(SALES)
                .resultSet(rows)
                .majorVersion(1)
                .alsoTo(2, row -> Map.of("code", row.get("city") + "-" + row.get("id")))
                .commit(),
        "select 1 as id, 'Oslo' as city union all select 2, 'Rome'");

    try (Rows<Map<String, Object>> codes = owner.read(SALES).majorVersion(2).asMaps().rows()) {
      assertThat(codes).containsExactly(Map.of("code", "Oslo-1"), Map.of("code", "Rome-2"));
    }
  }

  @Test
  void aResultSetIsReadOnce() throws SQLException {
    define(contract("{'name':'id','type':'long'}"));

    query(
        SQLITE,
        rows -> {
          Publish<GenericRecord> publish = owner.publish(SALES).resultSet(rows);
          assertThat(publish.plan().quality().rowsAccepted()).isEqualTo(1);
          assertThatThrownBy(publish::commit)
              .isInstanceOf(InvalidRequestException.class)
              .hasMessageContainingAll(SALES, "plan() read the result set");
        },
        "select 1 as id");
    query(
        SQLITE,
        rows -> {
          rows.close();
          assertThatThrownBy(() -> owner.publish(SALES).resultSet(rows).commit())
              .isInstanceOf(InvalidRequestException.class)
              .hasMessageContainingAll(SALES, "from a result set", "it is closed");
        },
        "select 1 as id");
    assertThat(rows()).isEmpty();
  }

  @Test
  void aFailureOfTheDatabaseNamesRowAndColumn() throws SQLException {
    define(contract("{'name':'id','type':'long'},{'name':'city','type':'string'}"));
    String query = "select 1 as id, 'a' as city union all select 2, 'b'";

    query(
        DUCKDB,
        rows ->
            assertThatThrownBy(
                    () -> owner.publish(SALES).resultSet(failing(rows, "getString", 2)).commit())
                .isInstanceOfSatisfying(
                    BackendException.class,
                    failed -> assertThat(failed.errorCode()).isEqualTo(ErrorCode.SOURCE_FAILED))
                .hasMessageContainingAll(
                    SALES,
                    "column 'city' of row 2",
                    "SQLException",
                    "08006",
                    "Nothing was published")
                .hasMessageNotContaining("secret")
                .hasCauseInstanceOf(SQLException.class),
        query);
    query(
        DUCKDB,
        rows ->
            assertThatThrownBy(
                    () -> owner.publish(SALES).resultSet(failing(rows, "next", 3)).commit())
                .isInstanceOf(BackendException.class)
                .hasMessageContainingAll("moving to row 3"),
        query);
    assertThat(rows()).isEmpty();
  }

  /** The result set, whose connection breaks at this call of a method. */
  private static ResultSet failing(ResultSet rows, String method, int call) {
    int[] calls = {0};
    return (ResultSet)
        Proxy.newProxyInstance(
            ResultSetsTest.class.getClassLoader(),
            new Class<?>[] {ResultSet.class},
            (proxy, called, arguments) -> {
              if (called.getName().equals(method) && ++calls[0] == call) {
                throw new SQLException("secret", "08006");
              }
              try {
                return called.invoke(rows, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }
}
