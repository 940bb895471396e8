package io.meshwork.internal.conformance.consume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import io.meshwork.MeshClient;
import io.meshwork.columnar.ColumnBatch;
import io.meshwork.columnar.ColumnBatch.ColumnVector;
import io.meshwork.consume.Batch;
import io.meshwork.consume.Read;
import io.meshwork.consume.Rows;
import io.meshwork.consume.Subscription;
import io.meshwork.contract.Column;
import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.contract.Rule;
import io.meshwork.error.ContractViolationException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.internal.conformance.fixture.MeshFixture;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.internal.conformance.fixture.RandomRows;
import io.meshwork.product.Principal;
import io.meshwork.publish.Publish;
import io.meshwork.publish.Publish.PublishPlan;
import io.meshwork.publish.PublishReceipt;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;

/** Batches that a read returned are published without leaving columns. */
public abstract class BatchesSuite extends MeshFixture {
  private static final String COPY = "commerce/copy";

  /** Enough for several batches of a read. */
  private static final int MANY = 40_000;

  private MeshClient define(String product, Contract contract) {
    shop().defineProduct(product).contract(contract).openToMesh().commit();
    return shop();
  }

  /** Orders, and a product for copies of them with this contract. */
  private MeshClient defineCopy(Contract contract) {
    defineOrders();
    return define(COPY, contract);
  }

  private static Contract contract(String fields) {
    return Contract.of(schema(fields));
  }

  private static Schema schema(String fields) {
    return new Schema.Parser()
        .parse("{'type':'record','name':'Row','fields':[%s]}".formatted(fields).replace('\'', '"'));
  }

  private PublishReceipt copy(Read<?> read, String to) {
    try (Rows<?> rows = read.rows()) {
      return shop().publish(to).batches(rows.batches()).commit();
    }
  }

  private <T> List<T> copies(Class<T> type) {
    return all(shop().read(COPY).as(type));
  }

  private List<Map<String, Object>> maps(String product) {
    return all(shop().read(product).asMaps());
  }

  @Test
  void theBatchesOfAReadArePublishedWithAllTheirRows() {
    MeshClient shop = defineCopy(Contract.of(Order.class));
    shop.publish(ORDERS).records(Order.range(0, MANY)).commit();
    shop.publish(ORDERS).records(Order.range(MANY, MANY + 7)).commit();

    PublishReceipt receipt;
    try (Rows<GenericRecord> rows = shop.read(ORDERS).rows()) {
      receipt =
          shop.publish(COPY)
              .batches(rows.batches())
              .derivedFrom(rows.snapshot().orElseThrow(), "id=id")
              .commit();
    }

    assertThat(receipt.quality().rowsAccepted()).isEqualTo(MANY + 7);
    assertThat(copies(Order.class)).isEqualTo(Order.range(0, MANY + 7));
    assertWhole();
  }

  @Test
  void columnsOfAnyTypeAreTheSameAfterwards() {
    registerShop();
    for (int seed = 0; seed < 12; seed++) {
      RandomRows random = new RandomRows(4_200 + seed);
      Schema schema = random.schema(1 + seed % 4);
      String from = "commerce/from-" + seed;
      String to = "commerce/to-" + seed;
      define(from, Contract.of(schema));
      define(to, Contract.of(schema));
      shop().publish(from).records(random.rows(schema, 300)).commit();

      copy(shop().read(from), to);

      assertThat(maps(to)).as("seed %d, schema %s", seed, schema).isEqualTo(maps(from));
    }
  }

  @Test
  void columnsAreMatchedByNameAndWidened() {
    registerShop();
    define(
        ORDERS,
        contract(
            """
            {'name':'many','type':{'type':'array','items':'int'}},
            {'name':'part','type':{'type':'record','name':'Part','fields':[
              {'name':'size','type':'float'},{'name':'name','type':'string'}]}},
            {'name':'number','type':['null','int']},
            {'name':'price','type':{'type':'bytes','logicalType':'decimal','precision':9,'scale':2}},
            {'name':'named','type':{'type':'map','values':'int'}},
            {'name':'hash','type':{'type':'fixed','name':'Hash','size':2}}
            """));
    define(
        COPY,
        contract(
            """
            {'name':'hash','type':'bytes'},
            {'name':'price','type':
              {'type':'bytes','logicalType':'decimal','precision':24,'scale':4}},
            {'name':'note','type':['null','string'],'default':null},
            {'name':'channel','type':'string','default':'web'},
            {'name':'number','type':['null','long']},
            {'name':'named','type':{'type':'map','values':'long'}},
            {'name':'many','type':{'type':'array','items':'long'}},
            {'name':'part','type':{'type':'record','name':'Part','fields':[
              {'name':'name','type':'string'},{'name':'size','type':'double'},
              {'name':'unit','type':'string','default':'cm'}]}}
            """));
    shop()
        .publish(ORDERS)
        .records(
            List.of(
                row(
                    "many",
                    List.of(1, 2),
                    "part",
                    Map.of("size", 1.5f, "name", "wheel"),
                    "number",
                    7,
                    "price",
                    new BigDecimal("-12.34"),
                    "named",
                    Map.of("a", 3),
                    "hash",
                    new byte[] {1, 2}),
                row(
                    "many",
                    List.of(),
                    "part",
                    Map.of("size", -1f, "name", "axle"),
                    "number",
                    null,
                    "price",
                    new BigDecimal("0.01"),
                    "named",
                    Map.of(),
                    "hash",
                    new byte[] {3, 4})))
        .commit();

    copy(shop().read(ORDERS), COPY);

    assertThat(maps(COPY))
        .extracting(
            row -> row.get("number"),
            row -> row.get("price"),
            row -> row.get("note"),
            row -> row.get("channel"),
            row -> row.get("named"),
            row -> row.get("many"),
            row -> row.get("part"))
        .containsExactly(
            tuple(
                7L,
                new BigDecimal("-12.3400"),
                null,
                "web",
                Map.of("a", 3L),
                List.of(1L, 2L),
                Map.of("name", "wheel", "size", 1.5, "unit", "cm")),
            tuple(
                null,
                new BigDecimal("0.0100"),
                null,
                "web",
                Map.of(),
                List.of(),
                Map.of("name", "axle", "size", -1.0, "unit", "cm")));
  }

  record OrderName(long id, String customer) {}

  record Text(String id, int amount, Optional<String> note) {}

  @Test
  void columnsThatDoNotFitAreNamedWithBothTypes() {
    defineCopy(Contract.of(Text.class));
    shop().publish(ORDERS).records(Order.range(0, 3)).commit();
    State before = state();

    ContractViolationException refused =
        catchThrowableOfType(
            ContractViolationException.class,
            () -> copy(shop().read(ORDERS).columns("id", "amount", "note"), COPY));

    assertThat(refused)
        .hasMessageContainingAll(
            COPY, "from a batch", "'id'", "long", "string", "1 more", "Nothing was published");
    assertThat(refused.errorCode()).isEqualTo(ErrorCode.SCHEMA_MISMATCH);
    assertThat(refused.findings())
        .extracting(Finding::code, Finding::where)
        .containsExactly(
            tuple(FindingCode.TYPE_MISMATCH, "id"), tuple(FindingCode.TYPE_MISMATCH, "amount"));
    assertThat(refused.findings().get(1).what()).contains("decimal(10, 2)", "int");
    assertNothingChanged(before);
  }

  @Test
  void unknownAndMissingColumnsAreRejectedByName() {
    defineCopy(Contract.of(OrderName.class));
    shop().publish(ORDERS).records(Order.range(0, 3)).commit();

    assertThatThrownBy(() -> copy(shop().read(ORDERS), COPY))
        .isInstanceOf(ContractViolationException.class)
        .hasMessageContainingAll(COPY, "[amount, note]", "ignoreUnknownColumns()");
    assertThatThrownBy(() -> copy(shop().read(ORDERS).columns("id"), COPY))
        .isInstanceOf(ContractViolationException.class)
        .hasMessageContainingAll(COPY, "no column 'customer'", "Nothing was published");
    try (Rows<GenericRecord> rows = shop().read(ORDERS).rows()) {
      shop().publish(COPY).batches(rows.batches()).ignoreUnknownColumns().commit();
    }

    assertThat(copies(OrderName.class)).extracting(OrderName::id).containsExactly(0L, 1L, 2L);
  }

  @Test
  void filtersLimitsAndColumnsOfTheReadHold() {
    defineCopy(Contract.of(OrderName.class));
    shop().publish(ORDERS).records(Order.range(0, MANY)).commit();

    copy(shop().read(ORDERS).columns("id", "customer").where("id >= 100").limit(MANY / 2), COPY);

    assertThat(copies(OrderName.class))
        .hasSize(MANY / 2)
        .allSatisfy(row -> assertThat(row.customer()).isEqualTo("customer " + row.id() % 7))
        .extracting(OrderName::id)
        .startsWith(100L)
        .doesNotHaveDuplicates();
  }

  record MaskedOrder(
      long id, String customer, @Column(precision = 10, scale = 2) Optional<BigDecimal> amount) {}

  @Test
  void rowsAndCellsThatAGrantHidesStayHidden() {
    registerShop();
    shop().defineProduct(ORDERS).contract(Contract.of(Order.class)).commit();
    MeshClient finance = registerFinance();
    finance.defineProduct("finance/seen").contract(Contract.of(MaskedOrder.class)).commit();
    shop().publish(ORDERS).records(Order.range(0, 6)).commit();
    shop()
        .grant(ORDERS)
        .to(Principal.of("finance", "etl"))
        .because("They bill.")
        .columns("id", "customer")
        .rows("id < 4")
        .commit();
    shop()
        .grant(ORDERS)
        .to(Principal.of("finance", "etl"))
        .because("They bill.")
        .columns("id", "amount")
        .rows("id < 2")
        .commit();

    try (Rows<GenericRecord> rows =
        finance.read(ORDERS).columns("id", "customer", "amount").rows()) {
      finance.publish("finance/seen").batches(rows.batches()).commit();
    }

    assertThat(all(finance.read("finance/seen").as(MaskedOrder.class)))
        .extracting(MaskedOrder::id, row -> row.amount().isPresent())
        .containsExactly(tuple(0L, true), tuple(1L, true), tuple(2L, false), tuple(3L, false));
  }

  @Test
  void rowsThatBreakARuleAreQuarantinedWithTheirPosition() {
    defineCopy(
        Contract.of(Order.class)
            .require(Rule.atMost("id", MANY - 2L).id("id"))
            .require(Rule.unique("id"))
            .onViolation(OnViolation.QUARANTINE)
            .maxQuarantineShare(50));
    shop().publish(ORDERS).records(Order.range(0, MANY)).commit();
    shop().publish(ORDERS).records(Order.range(5, 6)).commit();

    PublishReceipt receipt = copy(shop().read(ORDERS), COPY);

    assertThat(receipt.quality().rowsQuarantined()).isEqualTo(2);
    assertThat(copies(Order.class)).isEqualTo(Order.range(0, MANY - 1));
    try (Rows<Map<String, Object>> aside = shop().quarantine(COPY).asMaps().rows()) {
      assertThat(aside.stream())
          .extracting(row -> row.get("row_number"))
          .containsExactlyInAnyOrder((long) MANY, MANY + 1L);
    }
  }

  record OrderNote(long id, String note) {}

  @Test
  void aRequiredColumnThatIsNullIsABadRow() {
    defineCopy(Contract.of(OrderNote.class));
    shop().publish(ORDERS).records(Order.range(0, 6)).commit();

    assertThatThrownBy(() -> copy(shop().read(ORDERS).columns("id", "note"), COPY))
        .isInstanceOf(ContractViolationException.class)
        .hasMessageContainingAll("2 of 6 rows", "note", "Nothing was published");
    assertThat(maps(COPY)).isEmpty();
  }

  @Test
  void aBatchThatExpiredIsRejected() {
    defineCopy(Contract.of(Order.class));
    shop().publish(ORDERS).records(Order.range(0, MANY)).commit();
    List<ColumnBatch> collected = new ArrayList<>();
    try (Rows<GenericRecord> rows = shop().read(ORDERS).rows()) {
      rows.batches().forEachRemaining(collected::add);
    }

    assertRefused(
        ErrorCode.INVALID_ARGUMENT,
        () -> shop().publish(COPY).batches(collected.iterator()).commit(),
        COPY,
        "batch 1",
        "the batch after it was requested",
        "Nothing was published");
    for (ColumnBatch expired : collected) {
      assertThatThrownBy(() -> expired.longAt("id", 0))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("the batch after it was requested");
    }
  }

  @Test
  void onlyBatchesOfAReadArePublished() {
    defineCopy(Contract.of(Order.class));
    Iterator<ColumnBatch> nothing = Stream.<ColumnBatch>of((ColumnBatch) null).iterator();

    assertRefused(
        ErrorCode.INVALID_ARGUMENT,
        () -> shop().publish(COPY).batches(nothing).commit(),
        "batch 1 is null");
    assertRefused(
        ErrorCode.INVALID_ARGUMENT,
        () -> shop().publish(COPY).batches(List.of(new NoRows()).iterator()).commit(),
        "batch 1 is of class " + NoRows.class.getName(),
        "batches()");
  }

  /** A batch of the caller's making. */
  private static final class NoRows implements ColumnBatch {
    @Override
    public int rows() {
      return 1;
    }

    @Override
    public List<String> columns() {
      return List.of("id");
    }

    @Override
    public ColumnVector column(String name) {
      throw new IllegalArgumentException(name);
    }

    @Override
    public boolean isNull(String column, int row) {
      return false;
    }

    @Override
    public long longAt(String column, int row) {
      return 0;
    }

    @Override
    public double doubleAt(String column, int row) {
      return 0;
    }

    @Override
    public Object valueAt(String column, int row) {
      return 0L;
    }
  }

  @Test
  void aSingleBatchIsPublishedWhileItIsValid() {
    defineCopy(Contract.of(Order.class));
    shop().publish(ORDERS).records(Order.range(0, MANY)).commit();

    try (Rows<GenericRecord> rows = shop().read(ORDERS).rows()) {
      for (Iterator<ColumnBatch> batches = rows.batches(); batches.hasNext(); ) {
        ColumnBatch batch = batches.next();
        shop().publish(COPY).batches(List.of(batch).iterator()).commit();
        assertThat(batch.isNull("note", 0)).isEqualTo(batch.longAt("id", 0) % 3 == 0);
      }
    }

    assertThat(copies(Order.class)).isEqualTo(Order.range(0, MANY));
  }

  @Test
  void aDryRunReadsTheBatchesAndTheCommitSaysSo() {
    defineCopy(Contract.of(Order.class));
    shop().publish(ORDERS).records(Order.range(0, 9)).commit();

    try (Rows<GenericRecord> rows = shop().read(ORDERS).rows()) {
      Publish<GenericRecord> publish = shop().publish(COPY).batches(rows.batches());
      PublishPlan dryRun = publish.plan();

      assertThat(dryRun.quality().rowsAccepted()).isEqualTo(9);
      assertRefused(ErrorCode.INVALID_ARGUMENT, publish::commit, "plan() read the batches", COPY);
    }
    assertThat(maps(COPY)).isEmpty();
  }

  @Test
  void aPolledBatchIsPublishedOnceUnderItsId() {
    defineCopy(Contract.of(Order.class));
    Subscription<GenericRecord> subscription =
        shop().subscribe(ORDERS).name("copy").purpose("A copy").commit();
    shop().publish(ORDERS).records(Order.range(0, 5)).commit();

    PublishReceipt first = publishPolled(subscription);
    PublishReceipt again = publishPolled(subscription);

    assertThat(again.publishId()).isEqualTo(first.publishId());
    assertThat(copies(Order.class)).isEqualTo(Order.range(0, 5));
  }

  private PublishReceipt publishPolled(Subscription<GenericRecord> subscription) {
    try (Batch<GenericRecord> batch = subscription.poll()) {
      return shop().publish(COPY).batches(batch.batches()).idempotencyKey(batch.id()).commit();
    }
  }

  @Test
  void timesAreTruncatedForTheContractAndNotInTheBatch() {
    registerShop();
    String micros = "{'name':'at','type':{'type':'long','logicalType':'timestamp-micros'}}";
    define(ORDERS, contract(micros));
    define(COPY, contract(micros.replace("micros", "millis")).truncateExcessPrecision("at"));
    Instant fine = Instant.parse("2026-11-20T08:00:00.123456Z");
    shop().publish(ORDERS).records(List.of(row("at", fine))).commit();

    try (Rows<GenericRecord> rows = shop().read(ORDERS).rows()) {
      ColumnBatch batch = rows.batches().next();
      shop().publish(COPY).batches(List.of(batch).iterator()).commit();
      assertThat(batch.valueAt("at", 0)).isEqualTo(fine);
    }

    assertThat(maps(COPY)).containsExactly(row("at", Instant.parse("2026-11-20T08:00:00.123Z")));
  }

  @Test
  void aMappingToAnotherMajorVersionGetsTheRowsAsAvroRecords() {
    defineCopy(Contract.of(OrderName.class));
    shop()
        .startRollout(COPY)
        .contract(contract("{'name':'code','type':'string'}"))
        .because("Codes")
        .commit()
        .activate()
        .commit();
    shop().publish(ORDERS).records(Order.range(0, 2)).commit();

    try (Rows<GenericRecord> rows = shop().read(ORDERS).columns("id", "customer").rows()) {
      shop()
          .publish(COPY)
          .batches(rows.batches())
          .majorVersion(1)
          .alsoTo(2, row -> Map.of("code", row.get("customer") + "-" + row.get("id")))
          .commit();
    }

    assertThat(all(shop().read(COPY).majorVersion(2).asMaps()))
        .containsExactly(Map.of("code", "customer 0-0"), Map.of("code", "customer 1-1"));
  }

  @Test
  void batchesOfTwoProductsAreJoinedInOnePublish() {
    defineCopy(Contract.of(OrderName.class));
    Schema other =
        SchemaBuilder.record("Other")
            .fields()
            .requiredString("customer")
            .requiredInt("id")
            .endRecord();
    define("commerce/other", Contract.of(other));
    shop().publish(ORDERS).records(Order.range(0, 2)).commit();
    shop().publish("commerce/other").records(List.of(row("customer", "x", "id", 9))).commit();

    try (Rows<GenericRecord> one = shop().read(ORDERS).columns("id", "customer").rows();
        Rows<GenericRecord> two = shop().read("commerce/other").rows()) {
      Iterator<ColumnBatch> first = one.batches();
      Iterator<ColumnBatch> second = two.batches();
      Iterator<ColumnBatch> both =
          new Iterator<>() {
            @Override
            public boolean hasNext() {
              return first.hasNext() || second.hasNext();
            }

            @Override
            public ColumnBatch next() {
              return first.hasNext() ? first.next() : second.next();
            }
          };
      shop().publish(COPY).batches(both).commit();
    }

    assertThat(copies(OrderName.class))
        .containsExactly(
            new OrderName(0, "customer 0"), new OrderName(1, "customer 1"), new OrderName(9, "x"));
  }
}
