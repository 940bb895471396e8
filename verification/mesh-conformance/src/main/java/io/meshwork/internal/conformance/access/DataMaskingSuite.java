package io.meshwork.internal.conformance.access;

import static io.meshwork.contract.Rule.rowCount;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.MeshClient;
import io.meshwork.access.GrantOperation;
import io.meshwork.card.ProductCard;
import io.meshwork.columnar.ColumnBatch;
import io.meshwork.consume.Batch;
import io.meshwork.consume.Rows;
import io.meshwork.consume.Subscription;
import io.meshwork.contract.Contract;
import io.meshwork.error.AccessDeniedException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.internal.conformance.fixture.MeshFixture;
import io.meshwork.product.Principal;
import io.meshwork.product.Snapshot;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.LongStream;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Reads with grants on some columns, rows, or cells. */
public abstract class DataMaskingSuite extends MeshFixture {
  private static final String FARES = "commerce/fares";

  record Fare(long id, String country, String card, int amount, Optional<String> note) {
    static Fare of(long id) {
      return new Fare(
          id,
          id % 3 == 0 ? "SE" : "NO",
          CANARY + id,
          (int) id * 10,
          id % 4 == 0 ? Optional.empty() : Optional.of("note " + id));
    }

    static List<Fare> range(long from, long to) {
      return LongStream.range(from, to).mapToObj(Fare::of).toList();
    }
  }

  record NoCard(long id, String country) {}

  record CardOnly(long id, String card) {}

  record Amount(long id, int amount) {}

  record MaybeAmount(long id, Optional<Integer> amount) {}

  private MeshClient defineFares() {
    MeshClient shop = registerShop();
    shop.defineProduct(FARES)
        .contract(Contract.of(Fare.class).require(rowCount(0, 1_000_000)))
        .commit();
    registerFinance();
    return shop;
  }

  private void publishFares(long from, long to) {
    shop().publish(FARES).records(Fare.range(from, to)).commit();
  }

  private GrantOperation.ByName toFinance() {
    return shop().grant(FARES).to(Principal.of("finance", "etl")).because("They bill.");
  }

  private static <T> List<T> rows(Batch<T> batch) {
    List<T> rows = new ArrayList<>();
    batch.forEach(rows::add);
    return rows;
  }

  /** Asserts that the read is denied by column name before a data file is opened. */
  private void assertNotGranted(ThrowingCallable call, String column) {
    int filesRead =
        files.dataFilesAsked(
            () ->
                assertThatThrownBy(call)
                    .isInstanceOfSatisfying(
                        AccessDeniedException.class,
                        denied -> {
                          assertThat(denied.missing()).contains("'" + column + "'");
                          assertThat(denied.whoCanGrant()).containsExactly("shop@example.org");
                        })
                    .hasMessageContainingAll("'" + column + "'", FARES, "Nothing was read"));
    assertThat(filesRead).as("opened data files").isZero();
  }

  @Test
  void onlyGrantedColumnsAreReadAndOthersAreDeniedBeforeAFileIsOpened() {
    defineFares();
    publishFares(0, 6);
    toFinance().columns("id", "country", "amount").commit();
    MeshClient finance = as("finance");

    try (Rows<GenericRecord> rows = finance.read(FARES).rows()) {
      assertThat(rows.columns()).containsExactly("id", "country", "amount");
      assertThat(rows.snapshot().orElseThrow().rows()).hasValue(6);
      GenericRecord first = rows.iterator().next();
      assertThat(first.getSchema().getFields()).hasSize(3);
    }
    assertThat(all(finance.read(FARES).as(NoCard.class))).hasSize(6).contains(new NoCard(3, "SE"));
    assertThat(all(finance.read(FARES).asMaps()).get(1).keySet())
        .containsExactly("id", "country", "amount");
    assertNotGranted(() -> finance.read(FARES).columns("id", "card").rows(), "card");
    assertNotGranted(() -> finance.read(FARES).where("card = 'x'").rows(), "card");
    assertNotGranted(() -> finance.read(FARES).where("id = 1 OR Card IS NULL").rows(), "card");
    assertNotGranted(() -> finance.read(FARES).as(CardOnly.class).rows(), "card");
    assertNotGranted(
        () -> finance.subscribe(FARES).name("cards").purpose("x").columns("card").commit(), "card");
    assertThatThrownBy(() -> finance.read(FARES).columns("cards").rows())
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("country")
        .hasMessageNotContaining("'card'")
        .hasMessageNotContaining("note");
    assertThatThrownBy(() -> finance.read(FARES).where("crd = 'x'").rows())
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageNotContaining("card");
  }

  @Test
  void hiddenRowsAreNotCountedAnywhere() {
    defineFares();
    publishFares(0, 30);
    toFinance().rows("country = 'SE'").commit();
    MeshClient finance = as("finance");

    assertThat(all(finance.read(FARES).as(Fare.class)))
        .isEqualTo(Fare.range(0, 30).stream().filter(fare -> fare.country.equals("SE")).toList());
    assertThat(all(finance.read(FARES).as(Fare.class).limit(4)))
        .extracting(Fare::id)
        .containsExactly(0L, 3L, 6L, 9L);
    assertThat(all(finance.read(FARES).as(Fare.class).where("country = 'NO'"))).isEmpty();
    assertThat(all(finance.read(FARES).as(Fare.class).where("amount < 40 OR id = 5")))
        .extracting(Fare::id)
        .containsExactly(0L, 3L);
    try (Rows<GenericRecord> rows = finance.read(FARES).rows()) {
      assertThat(rows.snapshot().orElseThrow().rows()).isEmpty();
    }
    assertThat(finance.read(FARES).snapshots())
        .extracting(Snapshot::rows)
        .containsExactly(OptionalLong.empty());
    ProductCard card = finance.describe(FARES);
    assertThat(card.access()).isEqualTo(ProductCard.Access.READ_SOME);
    assertThat(card.current().orElseThrow().rows()).isEmpty();
    assertThat(shop().describe(FARES).current().orElseThrow().rows()).hasValue(30);
  }

  @Test
  void batchesAreFullEvenIfRowsBetweenThemAreHidden() {
    defineFares();
    publishFares(0, 50_000);
    publishFares(50_000, 60_000);
    toFinance().rows("country = 'SE'").commit();

    List<Integer> sizes = new ArrayList<>();
    try (Rows<GenericRecord> rows = as("finance").read(FARES).columns("id").limit(19_000).rows()) {
      for (Iterator<ColumnBatch> batches = rows.batches(); batches.hasNext(); ) {
        ColumnBatch batch = batches.next();
        assertThat(batch.longAt("id", 1)).isEqualTo(batch.longAt("id", 0) + 3);
        sizes.add(batch.rows());
      }
    }
    assertThat(sizes).containsExactly(16_384, 19_000 - 16_384);
  }

  @Test
  void aliasesAndDefaultsOfAReaderSchemaDoNotBypassGrants() {
    defineFares();
    publishFares(0, 6);
    toFinance().columns("id", "country").commit();
    toFinance().columns("id", "amount").rows("country = 'SE'").commit();
    MeshClient finance = as("finance");

    assertNotGranted(
        () -> finance.read(FARES).as(fare("\"card\",\"type\":\"string\",\"default\":\"\"")).rows(),
        "card");
    assertNotGranted(
        () ->
            finance
                .read(FARES)
                .as(fare("\"number\",\"aliases\":[\"card\"],\"type\":\"string\""))
                .rows(),
        "card");
    assertThatThrownBy(
            () ->
                finance
                    .read(FARES)
                    .as(fare("\"sum\",\"aliases\":[\"amount\"],\"type\":\"int\""))
                    .rows())
        .isInstanceOfSatisfying(
            InvalidRequestException.class,
            refused -> assertThat(refused.errorCode()).isEqualTo(ErrorCode.READER_INVALID))
        .hasMessageContainingAll("'amount'", "null");
    assertThat(
            all(
                finance
                    .read(FARES)
                    .as(fare("\"sum\",\"aliases\":[\"amount\"],\"type\":[\"null\",\"long\"]"))))
        .extracting(row -> row.get("sum"))
        .containsExactly(0L, null, null, 30L, null, null);
  }

  private static Schema fare(String field) {
    return new Schema.Parser()
        .parse("{\"type\":\"record\",\"name\":\"Fare\",\"fields\":[{\"name\":" + field + "}]}");
  }

  @Test
  void aHiddenCellIsNullForTheReaderAndItsFilter() {
    defineFares();
    publishFares(0, 9);
    toFinance().columns("id", "country").commit();
    toFinance().columns("id", "amount").rows("country = 'SE'").commit();
    MeshClient finance = as("finance");

    assertThat(all(finance.read(FARES).as(MaybeAmount.class)))
        .extracting(row -> row.amount().orElse(-1))
        .containsExactly(0, -1, -1, 30, -1, -1, 60, -1, -1);
    assertThat(all(finance.read(FARES).as(MaybeAmount.class).where("amount IS NULL"))).hasSize(6);
    assertThat(all(finance.read(FARES).as(MaybeAmount.class).where("amount > 20")))
        .extracting(MaybeAmount::id)
        .containsExactly(3L, 6L);
    assertThat(all(finance.read(FARES).as(MaybeAmount.class).where("NOT amount <= 20"))).hasSize(2);
    assertThat(all(finance.read(FARES).as(MaybeAmount.class).where("amount = 50"))).isEmpty();
    try (Rows<GenericRecord> rows = finance.read(FARES).rows()) {
      assertThat(rows.iterator().next().getSchema().getField("amount").schema().isNullable())
          .isTrue();
    }
    assertThatThrownBy(() -> finance.read(FARES).as(Amount.class).rows())
        .isInstanceOfSatisfying(
            InvalidRequestException.class,
            refused -> assertThat(refused.errorCode()).isEqualTo(ErrorCode.READER_INVALID))
        .hasMessageContainingAll("'amount'", "some rows only", "Optional");
  }

  @Test
  void changedRowRightsApplyFromTheNextPoll() {
    defineFares();
    publishFares(0, 6);
    String id = toFinance().rows("country = 'SE'").commit().get(0).id();
    Subscription<Fare> bills =
        as("finance").subscribe(FARES).name("bills").purpose("Bills").as(Fare.class).commit();
    try (Batch<Fare> batch = bills.poll()) {
      assertThat(rows(batch)).extracting(Fare::id).containsExactly(0L, 3L);
      assertThat(batch.snapshot().rows()).isEmpty();
      batch.ack();
    }
    publishFares(6, 9);
    publishFares(9, 12);

    try (Batch<Fare> batch = bills.poll()) {
      assertThat(rows(batch)).extracting(Fare::id).containsExactly(6L);
    }
    shop().revoke(id).because("No more.").commit();
    assertThat(
            files.dataFilesAsked(
                () -> assertThatThrownBy(bills::poll).isInstanceOf(AccessDeniedException.class)))
        .isZero();
    toFinance().commit();
    try (Batch<Fare> batch = bills.poll()) {
      assertThat(batch.kind()).isEqualTo(Batch.Kind.RESET);
      assertThat(rows(batch)).hasSize(12);
      batch.ack();
    }
  }

  @Test
  void aRemovalFilterOnHiddenColumnsIsNotShown() {
    defineFares();
    publishFares(0, 6);
    toFinance().rows("country = 'SE'").commit();
    shop()
        .grant(FARES)
        .columns("id", "country")
        .to(Principal.of("finance", "ids"))
        .because("x")
        .commit();
    Subscription<Fare> some =
        as("finance").subscribe(FARES).name("some").purpose("x").as(Fare.class).fromNow().commit();
    Subscription<NoCard> ids =
        mesh.clientAs(Principal.of("finance", "ids"))
            .subscribe(FARES)
            .name("ids")
            .purpose("x")
            .as(NoCard.class)
            .fromNow()
            .commit();

    shop().erase(FARES).where("id = 4").because("asked to").commit();
    try (Batch<Fare> batch = some.poll()) {
      assertThat(batch.kind()).isEqualTo(Batch.Kind.RESET);
      assertThat(batch.predicate()).isEmpty();
      assertThat(batch.because().orElseThrow()).doesNotContain("4");
      assertThat(rows(batch)).extracting(Fare::id).containsExactly(0L, 3L);
      batch.ack();
    }
    try (Batch<NoCard> batch = ids.poll()) {
      assertThat(batch.kind()).isEqualTo(Batch.Kind.ERASED);
      assertThat(batch.predicate()).contains("id = 4");
      batch.ack();
    }
    shop().erase(FARES).where("card = '" + CANARY + "5'").because("asked to").commit();
    try (Batch<NoCard> batch = ids.poll()) {
      assertThat(batch.kind()).isEqualTo(Batch.Kind.RESET);
      assertThat(batch.predicate()).isEmpty();
      assertThat(batch.because().orElseThrow()).doesNotContain("card");
      assertThat(rows(batch)).extracting(NoCard::id).containsExactly(0L, 1L, 2L, 3L);
    }
  }

  @Test
  void countsAndScoresAreShownOnlyToReadersOfAllRows() {
    defineFares();
    publishFares(0, 6);
    String id = toFinance().columns("id", "country").commit().get(0).id();
    MeshClient finance = as("finance");

    assertThat(all(finance.read(FARES))).hasSize(6);
    assertThatThrownBy(() -> finance.publishHistory(FARES).changes())
        .isInstanceOf(AccessDeniedException.class);
    assertThatThrownBy(() -> finance.publishHistory(FARES).quality())
        .isInstanceOf(AccessDeniedException.class);
    assertThatThrownBy(() -> finance.publishHistory(FARES).receipts())
        .isInstanceOf(AccessDeniedException.class);
    assertThatThrownBy(() -> finance.events(FARES).list())
        .isInstanceOf(AccessDeniedException.class);
    assertThatThrownBy(() -> finance.read(FARES).files()).isInstanceOf(AccessDeniedException.class);
    assertThatThrownBy(() -> finance.quarantine(FARES).rows())
        .isInstanceOf(AccessDeniedException.class);
    assertThat(finance.governance().domainQuality("commerce").latest()).isEmpty();
    assertThat(finance.governance().domainQuality("commerce").score()).isEmpty();
    assertThat(finance.describe(FARES).quality()).isEmpty();
    shop().revoke(id).because("All of it.").commit();
    toFinance().commit();
    assertThat(finance.publishHistory(FARES).changes()).hasSize(1);
    assertThat(finance.publishHistory(FARES).quality()).hasSize(1);
    assertThat(finance.governance().domainQuality("commerce").latest()).hasSize(1);
    assertThat(finance.describe(FARES).quality()).isPresent();
    assertThat(finance.describe(FARES).current().orElseThrow().rows()).hasValue(6);
  }

  @Test
  void theColumnsOfAConditionNeedNotBeGranted() {
    defineFares();
    publishFares(0, 6);
    toFinance().columns("id").rows("country = 'SE'").commit();

    assertThat(all(as("finance").read(FARES).asMaps()))
        .isEqualTo(List.of(Map.of("id", 0L), Map.of("id", 3L)));
    assertNotGranted(() -> as("finance").read(FARES).where("country = 'SE'").rows(), "country");
  }
}
