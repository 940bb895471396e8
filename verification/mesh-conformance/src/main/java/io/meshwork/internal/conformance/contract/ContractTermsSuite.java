package io.meshwork.internal.conformance.contract;

import static io.meshwork.contract.Rule.between;
import static io.meshwork.contract.Rule.betweenExclusive;
import static io.meshwork.contract.Rule.inSet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.MeshClient;
import io.meshwork.change.AmendContract;
import io.meshwork.consume.Subscription;
import io.meshwork.contract.Column;
import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.contract.Partition;
import io.meshwork.contract.Rule;
import io.meshwork.error.ConflictException;
import io.meshwork.error.ContractViolationException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshException;
import io.meshwork.internal.conformance.fixture.MeshFixture;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.product.ContractVersion;
import io.meshwork.product.ContractVersion.Verdict;
import io.meshwork.publish.PublishReceipt;
import io.meshwork.registry.Registry.Document;
import io.meshwork.registry.Registry.Key;
import io.meshwork.registry.Registry.Transaction;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.junit.jupiter.api.Test;

/** Contract terms apply exactly, and later versions keep them. */
public abstract class ContractTermsSuite extends MeshFixture {
  private static final String READINGS = "commerce/readings";

  private int products;

  record NumbersAndTimes(
      float f,
      double d,
      int i,
      long l,
      @Column(precision = 20, scale = 2) BigDecimal n,
      Instant t,
      LocalDate day) {}

  private static Map<String, Object> reading(String column, Object value) {
    Map<String, Object> row =
        row(
            "f",
            0f,
            "d",
            0d,
            "i",
            0,
            "l",
            0L,
            "n",
            BigDecimal.ZERO,
            "t",
            Instant.EPOCH,
            "day",
            LocalDate.EPOCH);
    row.put(column, value);
    return row;
  }

  /** Returns true if a row with this value passes the rule. */
  private boolean passes(Rule rule, Object value) {
    String product = READINGS + "-" + ++products;
    MeshClient shop = shop();
    shop.defineProduct(product)
        .contract(Contract.of(NumbersAndTimes.class).require(rule.warn()))
        .commit();
    PublishReceipt receipt =
        shop.publish(product).records(List.of(reading(rule.columns().get(0), value))).commit();
    return receipt.quality().rules().get(0).failingRows() == 0;
  }

  @Test
  void aRangeRuleRejectsEveryValueOutsideItsLimits() {
    registerShop();
    BigDecimal past = new BigDecimal("9007199254740993");

    assertThat(passes(Rule.atMost("f", 1e39), Float.POSITIVE_INFINITY)).isFalse();
    assertThat(passes(Rule.atMost("f", 1e39), Float.MAX_VALUE)).isTrue();
    assertThat(passes(Rule.atLeast("f", 16_777_217), 16_777_216f)).isFalse();
    assertThat(passes(Rule.atLeast("f", 16_777_217), 16_777_218f)).isTrue();
    assertThat(passes(Rule.atLeast("d", past), 9_007_199_254_740_992d)).isFalse();
    assertThat(passes(Rule.atMost("d", past), 9_007_199_254_740_992d)).isTrue();
    assertThat(passes(betweenExclusive("d", past, null), 9_007_199_254_740_994d)).isTrue();
    assertThat(passes(Rule.atLeast("i", new BigDecimal("0.5")), 0)).isFalse();
    assertThat(passes(Rule.atMost("l", new BigDecimal("9223372036854775807.5")), Long.MAX_VALUE))
        .isTrue();
    assertThat(passes(Rule.atLeast("n", new BigDecimal("0.001")), new BigDecimal("0.00")))
        .isFalse();
    assertThat(
            passes(
                Rule.atMost("t", Instant.parse("2026-01-01T00:00:00.0000005Z")),
                Instant.parse("2026-01-01T00:00:00.000001Z")))
        .isFalse();
    // 2^64 microseconds after the epoch, which overflow to 0 in a long.
    Instant beyond = Instant.EPOCH.plusSeconds(18_446_744_073_709L).plusNanos(551_616_000);
    assertThat(passes(inSet("t", beyond), Instant.EPOCH)).isFalse();
  }

  @Test
  void aDecimalLimitOnAFloatingPointColumnIsExact() {
    registerShop();

    assertThat(passes(Rule.atMost("f", 0.1), 0.1f)).isTrue();
    assertThat(passes(Rule.atMost("d", 0.1), 0.1)).isTrue();
    assertThat(passes(betweenExclusive("d", 0.1, 0.3), 0.1)).isFalse();
    assertThat(passes(Rule.atLeast("f", 0.1f), 0.1f)).isTrue();
    assertThat(passes(Rule.atLeast("f", (double) 0.1f), 0.1f)).isTrue();
    assertThat(passes(Rule.atMost("f", Float.MAX_VALUE), Float.POSITIVE_INFINITY)).isFalse();
    assertThat(passes(Rule.atLeast("d", Double.MIN_VALUE), 0d)).isFalse();
    assertThat(passes(inSet("f", 0.1, 2), 0.1f)).isTrue();
  }

  @Test
  void aFilterMatchesOnlyTheExactNumber() {
    MeshClient shop = registerShop();
    shop.defineProduct(READINGS).contract(Contract.of(NumbersAndTimes.class)).commit();
    shop.publish(READINGS)
        .records(
            List.of(reading("f", 16_777_216f), reading("f", 16_777_218f), reading("f", Float.NaN)))
        .commit();

    assertThat(count("f >= 16777217")).isEqualTo(1);
    assertThat(count("f > 16777217")).isEqualTo(1);
    assertThat(count("f < 16777217")).isEqualTo(1);
    assertThat(count("f = 16777217")).isZero();
    assertThat(count("f <> 16777217")).isEqualTo(3);
    assertThat(count("not f = 16777217")).isEqualTo(3);
    assertThat(count("f in (16777217)")).isZero();
    assertThat(count("f in (16777217, 16777218)")).isEqualTo(1);
    assertThat(count("f between 16777217 and 16777219")).isEqualTo(1);
    assertThat(count("f not between 16777217 and 16777219")).isEqualTo(2);
    assertThat(count("f = 0.1")).isZero();
  }

  private int count(String filter) {
    return all(shop().read(READINGS).where(filter)).size();
  }

  record Amount(int id, @Column(precision = 18, scale = 2) BigDecimal amount, Instant at) {}

  private static final BigDecimal LEAST = new BigDecimal("-9999999999999999.99");
  private static final Instant MIDNIGHT = Instant.parse("2026-01-01T00:00:00Z");

  record Visit(int id, Instant at) {}

  private static final class Later {
    record Visit(int id, Instant at, Optional<String> at_day) {}
  }

  @Test
  void aNewColumnWithTheNameOfAPartitionFieldIsAFindingOfTheAmendment() {
    registerShop();
    String product = "commerce/visits";
    shop()
        .defineProduct(product)
        .contract(Contract.of(Visit.class))
        .partitionBy(Partition.day("at"))
        .commit();
    Supplier<AmendContract> amendment =
        () -> shop().amendContract(product).contract(Contract.of(Later.Visit.class)).because("x");

    assertThat(amendment.get().plan().findings())
        .extracting(Finding::code, Finding::where)
        .contains(org.assertj.core.groups.Tuple.tuple(FindingCode.PARTITION_INVALID, "at_day"));
    assertThatThrownBy(() -> amendment.get().commit())
        .isInstanceOf(MeshException.class)
        .hasMessageContainingAll("partition field", "Nothing was changed");
    assertThat(shop().describe(product).contract().schema().getFields()).hasSize(2);
  }

  @Test
  void twoPartitionsByTimeAreRefusedWithoutBeingCalledDuplicates() {
    registerShop();
    assertThatThrownBy(
            () ->
                shop()
                    .defineProduct("commerce/visits")
                    .contract(Contract.of(Visit.class))
                    .partitionBy(Partition.month("at"), Partition.day("at"))
                    .commit())
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContainingAll("day(at)", "month(at)", "one of year, month, day, and hour");
  }

  record Parcel(int id, Visit visit) {}

  @Test
  void aPartitionByAFieldOfAStructIsRefusedForItsPlace() {
    registerShop();
    assertThatThrownBy(
            () ->
                shop()
                    .defineProduct("commerce/parcels")
                    .contract(Contract.of(Parcel.class))
                    .partitionBy(Partition.day("visit.at"))
                    .commit())
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContainingAll("day(visit.at)", "nested", "columns of the top level only");
  }

  record Sale(String shop, int id) {}

  @Test
  void aRowWhoseFolderWouldHaveALongNameIsAFindingOfThatRow() {
    Contract contract =
        Contract.of(Sale.class).onViolation(OnViolation.QUARANTINE).maxQuarantineShare(50);
    registerShop();
    for (Partition partition : List.of(Partition.by("shop"), Partition.truncate("shop", 40))) {
      String product = "commerce/sales-" + partition.transform().text();
      shop().defineProduct(product).contract(contract).partitionBy(partition).commit();
      List<Sale> rows =
          List.of(
              new Sale("a".repeat(partition.transform().text().equals("identity") ? 250 : 1000), 1),
              new Sale("\u4e2d".repeat(27), 2),
              new Sale("\u4e2d".repeat(41), 3));

      PublishReceipt receipt = shop().publish(product).records(rows).commit();

      assertThat(receipt.rowsAccepted()).isEqualTo(2);
      assertThat(receipt.failingRowsByRule()).containsEntry("type:shop", 1L);
      assertThat(receipt.quality().violations())
          .extracting(Finding::code, Finding::what)
          .containsExactly(
              org.assertj.core.groups.Tuple.tuple(
                  FindingCode.PARTITION_RANGE,
                  "Column shop is too long for the name of the folder of its partition, which has"
                      + " at most 255 bytes when it is encoded, in 1 row, first in row 3."));
      assertThat(all(shop().quarantine(product).asMaps()))
          .extracting(row -> row.get("row_number"))
          .containsExactly(3L);
      assertThatThrownBy(
              () -> shop().publish(product).onViolation(OnViolation.REJECT).records(rows).commit())
          .isInstanceOf(ContractViolationException.class)
          .hasMessageContainingAll("shop", "row 3");
    }
    assertWhole();
  }

  @Test
  void theFoldersOfFourPartitionsFitIntoAKey() {
    record ShopAddress(String country, String city, String street, String shop) {}
    registerShop();
    shop()
        .defineProduct("commerce/places")
        .contract(
            Contract.of(ShopAddress.class)
                .onViolation(OnViolation.QUARANTINE)
                .maxQuarantineShare(50))
        .partitionBy(
            Partition.by("country"),
            Partition.by("city"),
            Partition.by("street"),
            Partition.by("shop"))
        .commit();
    String fits = "a".repeat(765 / 4 - "country=".length());
    String tooLong = "a".repeat(765 / 4 - "shop=".length() + 1);

    PublishReceipt receipt =
        shop()
            .publish("commerce/places")
            .records(
                List.of(
                    new ShopAddress(fits, fits, fits, fits),
                    new ShopAddress(fits, fits, fits, tooLong)))
            .commit();

    assertThat(receipt.rowsAccepted()).isEqualTo(1);
    assertThat(receipt.failingRowsByRule()).containsEntry("type:shop", 1L);
    assertThat(all(shop().read("commerce/places").asMaps())).hasSize(1);
    assertWhole();
  }

  @Test
  void aRowWithoutAValidPartitionIsRejected() {
    Contract contract =
        Contract.of(Amount.class).onViolation(OnViolation.QUARANTINE).maxQuarantineShare(100);
    Instant far = Instant.EPOCH.plusSeconds(Integer.MAX_VALUE * 3600L + 3600);
    Map<Partition, Amount> unplaced =
        Map.of(
            Partition.truncate("amount", 1000), new Amount(1, LEAST, MIDNIGHT),
            Partition.hour("at"), new Amount(2, BigDecimal.ONE, far));
    registerShop();
    unplaced.forEach(
        (partition, bad) -> {
          String product = "commerce/amounts-" + partition.transform().text();
          shop().defineProduct(product).contract(contract).partitionBy(partition).commit();
          Amount good = new Amount(9, LEAST.add(new BigDecimal("9.99")), far.minusMillis(1));

          PublishReceipt receipt = shop().publish(product).records(List.of(good, bad)).commit();

          assertThat(receipt.quality().rowsAccepted()).isEqualTo(1);
          Finding finding = receipt.quality().violations().get(0);
          assertThat(finding.code()).isEqualTo(FindingCode.PARTITION_RANGE);
          assertThat(finding.where()).isEqualTo(partition.column());
          assertThat(
                  all(
                      shop()
                          .read(product)
                          .where("amount < 0 and at > TIMESTAMP '2026-01-01T00:00:00Z'")
                          .as(Amount.class)))
              .containsExactly(good);
          assertThatThrownBy(
                  () ->
                      shop()
                          .publish(product)
                          .onViolation(OnViolation.REJECT)
                          .records(List.of(good, bad))
                          .commit())
              .isInstanceOf(ContractViolationException.class)
              .hasMessageContainingAll(partition.column(), "row 2");
        });
  }

  private static final String SHOES = "commerce/shoes";

  /**
   * Returns a contract for shoes with an enum of colors. The last color is the default if it is
   * marked.
   */
  private static Contract shoes(boolean withDefault, String... colours) {
    String symbols = "\"" + String.join("\",\"", colours) + "\"";
    String last = withDefault ? ",\"default\":\"" + colours[colours.length - 1] + "\"" : "";
    return Contract.of(
        new Schema.Parser()
            .parse(
                "{\"type\":\"record\",\"name\":\"Shoe\",\"fields\":[{\"name\":\"id\",\"type\":\"long\"},"
                    + "{\"name\":\"colour\",\"type\":{\"type\":\"enum\",\"name\":\"Colour\",\"symbols\":["
                    + symbols
                    + "]"
                    + last
                    + "}}]}"));
  }

  private ContractVersion amendShoes(Contract next) {
    shop().amendContract(SHOES, next).commit();
    return shop().describe(SHOES).versions().get(0).version();
  }

  @Test
  void anEnumGetsADefaultAndThenANewSymbol() {
    MeshClient shop = registerShop();
    shop.defineProduct(SHOES).contract(shoes(false, "RED", "OTHER")).openToMesh().commit();
    shop.publish(SHOES).records(List.of(row("id", 1L, "colour", "RED"))).commit();
    Subscription<?> colours =
        registerFinance().subscribe(SHOES).name("colours").purpose("Revenue").commit();
    readAll(colours);
    Contract withSymbol = shoes(true, "RED", "BLUE", "OTHER");

    assertThat(amendShoes(shoes(true, "RED", "OTHER"))).hasToString("1.1.0");
    assertThatThrownBy(() -> amendShoes(withSymbol))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContainingAll("finance/colours", "1.0.0");
    readAll(colours);

    assertThat(amendShoes(withSymbol)).hasToString("1.2.0");
    shop.publish(SHOES).records(List.of(row("id", 2L, "colour", "BLUE"))).commit();
    assertThat(all(shop.read(SHOES))).hasSize(2);
    assertWhole();
  }

  @Test
  void aSubscriptionWithoutReadsCountsForEachVersion() {
    registerShop()
        .defineProduct(SHOES)
        .contract(shoes(false, "RED", "OTHER"))
        .openToMesh()
        .commit();
    registerFinance().subscribe(SHOES).name("colours").purpose("Revenue").commit();
    amendShoes(shoes(true, "RED", "OTHER"));

    assertThatThrownBy(() -> amendShoes(shoes(true, "RED", "BLUE", "OTHER")))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContainingAll("finance/colours", "1.0.0");
  }

  @Test
  void filesOfAnEarlierVersionCountWhileASnapshotReferencesThem() {
    String columns =
        "{\"type\":\"record\",\"name\":\"R\",\"fields\":[{\"name\":\"id\",\"type\":\"long\"}%s]}";
    Contract first = schema(columns, "");
    Contract second = schema(columns, ",{\"name\":\"x\",\"type\":\"int\",\"default\":0}");
    Contract third = schema(columns, ",{\"name\":\"x\",\"type\":\"int\"}");
    MeshClient shop = registerShop();
    for (String product : List.of("commerce/filled", "commerce/late")) {
      shop.defineProduct(product).contract(first).tableFormat(3).commit();
    }
    shop.publish("commerce/filled").records(List.of(row("id", 1L))).commit();
    shop.amendContract("commerce/filled", second).commit();
    shop.amendContract("commerce/late", second).commit();
    shop.publish("commerce/late").records(List.of(row("id", 1L, "x", 2))).commit();

    assertThatThrownBy(() -> shop.amendContract("commerce/filled", third).commit())
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContainingAll("1.0.0");
    shop.amendContract("commerce/late", third).commit();

    assertThat(shop.describe("commerce/late").contract()).isEqualTo(third);
  }

  private static Contract schema(String columns, String more) {
    return Contract.of(new Schema.Parser().parse(columns.formatted(more)));
  }

  private static final String WIDE = "commerce/wide";

  private static Contract wide(int from, int columns) {
    StringBuilder fields = new StringBuilder();
    for (int i = from; i < columns; i++) {
      fields
          .append(i == from ? "" : ",")
          .append("{\"name\":\"column_")
          .append(i)
          .append("\",\"type\":[\"null\",\"long\"],\"default\":null}");
    }
    return Contract.of(
        new Schema.Parser()
            .parse("{\"type\":\"record\",\"name\":\"Wide\",\"fields\":[" + fields + "]}"));
  }

  /** Returns a schema with the same columns under new names, and the current names as aliases. */
  private static Schema renamed(Schema wide) {
    List<Schema.Field> fields = new ArrayList<>();
    for (Schema.Field field : wide.getFields()) {
      Schema.Field other =
          new Schema.Field(field.name().replace("column", "renamed"), field.schema());
      other.addAlias(field.name());
      fields.add(other);
    }
    return Schema.createRecord("Renamed", "", "", false, fields);
  }

  /** Returns a schema of columns that the product does not have. */
  private static Schema strange(int columns) {
    SchemaBuilder.FieldAssembler<Schema> fields = SchemaBuilder.record("Strange").fields();
    for (int i = 0; i < columns; i++) {
      fields = fields.requiredLong("strange_" + i);
    }
    return fields.endRecord();
  }

  private static Contract ruled(int rules) {
    Contract contract = wide(0, 20).onViolation(OnViolation.QUARANTINE).maxQuarantineShare(100);
    Rule[] all = new Rule[rules];
    for (int i = 0; i < rules; i++) {
      Rule rule = between("column_" + i % 20, i, 1_000_000).id("rule_number_" + i);
      all[i] = i % 2 == 0 ? rule : rule.warn();
    }
    return contract.require(all);
  }

  private static Map<String, Object> wideRow(int columns, long value) {
    Map<String, Object> row = row();
    for (int i = 0; i < columns; i++) {
      row.put("column_" + i, value);
    }
    return row;
  }

  @Test
  void tenThousandColumnsArePublishedAmendedAndRead() {
    MeshClient shop = registerShop();
    shop.defineProduct(WIDE).contract(wide(0, 7_000)).commit();
    shop.amendContract(WIDE, wide(0, 10_000)).commit();

    shop.publish(WIDE).records(List.of(wideRow(10_000, 7))).commit();

    assertThat(all(shop.read(WIDE).columns("column_0", "column_9999").asMaps()))
        .containsExactly(Map.of("column_0", 7L, "column_9999", 7L));
    assertThat(shop.describe(WIDE).contract()).isEqualTo(wide(0, 10_000));
    Schema renamed = renamed(shop.describe(WIDE).contract().schema());
    assertThat(all(shop.read(WIDE).as(renamed)))
        .singleElement()
        .satisfies(
            record -> {
              assertThat(record.get("renamed_0")).isEqualTo(7L);
              assertThat(record.get("renamed_9999")).isEqualTo(7L);
            });
    assertThatThrownBy(() -> all(shop.read(WIDE).as(strange(10_000))))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContainingAll("strange_0", "9980 more");
    assertThat(mesh.doctor().findings()).isEmpty();
  }

  @Test
  void aContractWithManyRulesAcceptsAPublishInWhichManyFail() {
    MeshClient shop = registerShop();
    shop.defineProduct(WIDE).contract(ruled(2_000)).commit();

    PublishReceipt receipt =
        shop.publish(WIDE)
            .records(List.of(wideRow(20, -1), wideRow(20, 5_000)))
            .idempotencyKey("day")
            .commit();

    assertThat(receipt.quality().rowsAccepted()).isEqualTo(1);
    assertThat(receipt.failingRowsByRule()).hasSize(2_000).containsEntry("rule_number_7", 1L);
    PublishReceipt stored = shop.publishHistory(WIDE).findReceipt("day").orElseThrow();
    assertThat(stored.failingRowsByRule()).isEqualTo(receipt.failingRowsByRule());
    assertThat(stored.quality().qualityScore()).isEqualTo(receipt.quality().qualityScore());
    assertWhole();
  }

  @Test
  void aContractWhoseReceiptsWouldBeTooLargeIsRejected() {
    MeshClient shop = registerShop();
    Random random = new Random(5);
    Contract wordy = wide(0, 200);
    for (int i = 0; i < 200; i++) {
      StringBuilder words = new StringBuilder();
      random.ints(3_000, 'A', 'z').forEach(letter -> words.append((char) letter));
      wordy = wordy.describeColumn("column_" + i, words.toString());
    }
    Contract refused = wordy;
    shop.defineProduct(ORDERS).contract(wide(0, 200)).commit();
    State before = state();

    assertRefused(
        ErrorCode.LIMIT_EXCEEDED,
        () -> shop.defineProduct(WIDE).contract(ruled(2_001)).commit(),
        WIDE,
        "2001 rules",
        "2000");
    assertRefused(
        ErrorCode.LIMIT_EXCEEDED,
        () -> shop.defineProduct(WIDE).contract(refused).commit(),
        WIDE,
        "200 columns",
        "Nothing was changed");
    assertRefused(
        ErrorCode.LIMIT_EXCEEDED, () -> shop.amendContract(ORDERS, refused).commit(), ORDERS);
    assertNothingChanged(before);
  }

  @Test
  void codeForAnUndeclaredRuleIsRejected() {
    MeshClient shop = defineOrders(Contract.of(Order.class).require(Rule.custom("even", 1)));
    State before = state();

    assertRefused(
        ErrorCode.INVALID_ARGUMENT,
        () ->
            shop.publish(ORDERS)
                .records(Order.range(0, 1))
                .customRule("evn", 1, row -> true)
                .commit(),
        "'evn'",
        "even",
        "Nothing was published");
    assertNothingChanged(before);
  }

  record Moment(long id, Instant at, Optional<LocalDateTime> local, List<LocalTime> times) {}

  @Test
  void timesOfAJavaRecordAreTruncatedToTheUnitOfTheColumn() {
    Contract contract = Contract.of(Moment.class);
    Instant fine = Instant.parse("1969-12-31T23:59:59.123456789Z");
    LocalDateTime local = LocalDateTime.parse("2026-11-19T08:00:00.000000999");
    Moment moment =
        new Moment(1, fine, Optional.of(local), List.of(LocalTime.parse("23:59:59.999999999")));
    MeshClient shop = registerShop();
    shop.defineProduct(ORDERS).contract(contract).commit();

    shop.publish(ORDERS).records(List.of(moment)).commit();

    assertThat(all(shop.read(ORDERS).as(Moment.class)))
        .containsExactly(
            new Moment(
                1,
                Instant.parse("1969-12-31T23:59:59.123456Z"),
                Optional.of(LocalDateTime.parse("2026-11-19T08:00:00")),
                List.of(LocalTime.parse("23:59:59.999999"))));
    assertThat(contract.toJson()).contains("\"meshwork.truncate\":true");
    Contract strict = contract.rejectExcessPrecision("at");
    assertThat(shop.amendContract(ORDERS, strict).plan().verdict()).isEqualTo(Verdict.PATCH);
    shop.amendContract(ORDERS, strict).commit();
    assertThatThrownBy(() -> shop.publish(ORDERS).records(List.of(moment)).commit())
        .isInstanceOf(ContractViolationException.class)
        .hasMessageContainingAll("at", "finer");
    assertThat(strict.truncateExcessPrecision("at")).isEqualTo(contract);
    assertThat(Contract.of(contract.rejectExcessPrecision().schema()).toJson())
        .doesNotContain("truncate");
  }

  @Test
  void aStoredContractWithUnknownKeysIsReadable() {
    MeshClient shop = defineOrders(Contract.of(Order.class).require(Rule.notNull("id")));
    Document stored = registry.read(new Key(ORDERS, "contract/1.0.0")).orElseThrow();
    String later =
        stored
            .json()
            .replace("\"contract\":{", "\"contract\":{\"columnClassification\":{},")
            .replace("\"severity\":", "\"since\":1,\"severity\":");
    assertThat(later).contains("columnClassification\"", "since");
    registry.commit(
        Transaction.attempt("another-version")
            .replace(stored.key(), later, stored.version())
            .build());

    shop.publish(ORDERS).records(Order.range(0, 1)).commit();

    assertThat(orders()).hasSize(1);
    Contract served = shop.describe(ORDERS).contract();
    assertThat(served.rules()).hasSize(1);
    assertRefused(
        ErrorCode.CONTRACT_INVALID,
        () -> Contract.fromJson(served.toJson()),
        "'columnClassification'",
        "columnClassifications");
  }

  @Test
  void anAmendedContractStaysReadableForEarlierBuilds() {
    MeshClient shop = defineOrders(Contract.of(Order.class).require(Rule.notNull("id")));
    MeshClient finance = registerFinance();
    shop.grant(ORDERS).to(finance.principal()).because("As before").commit();
    Document stored = registry.read(new Key(ORDERS, "contract/1.0.0")).orElseThrow();
    String earlier =
        stored.json().replace("\"contract\":{", "\"contract\":{\"columnClassification\":{},");
    assertThat(earlier).contains("columnClassification\"");
    registry.commit(
        Transaction.attempt("an-earlier-build")
            .replace(stored.key(), earlier, stored.version())
            .build());
    // Nothing replaces a contract's document, so this client has not read it again.
    assertThatThrownBy(() -> shop.publish(ORDERS).records(Order.range(0, 2)).commit())
        .isInstanceOf(ConflictException.class)
        .hasMessageContaining("the contract 1.0.0 was changed");
    shop.publish(ORDERS).records(Order.range(0, 2)).commit();

    shop.amendContract(ORDERS).change(contract -> contract.require(Rule.atLeast("id", 0))).commit();

    assertThat(all(finance.read(ORDERS).as(Order.class))).hasSize(2);
  }
}
