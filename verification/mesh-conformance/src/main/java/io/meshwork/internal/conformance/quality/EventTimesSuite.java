package io.meshwork.internal.conformance.quality;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.MeshClient;
import io.meshwork.card.Health;
import io.meshwork.consume.Subscription;
import io.meshwork.contract.Contract;
import io.meshwork.contract.ServiceLevel;
import io.meshwork.internal.conformance.fixture.MeshFixture;
import io.meshwork.product.Principal;
import io.meshwork.publish.Erase;
import io.meshwork.publish.PublishReceipt;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;

/** Freshness by the time of the events, if the contract names their column. */
public abstract class EventTimesSuite extends MeshFixture {
  private static final String VISITS = "commerce/visits";
  private static final Duration HOUR = Duration.ofHours(1);
  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

  private record Visit(long id, Instant at) {}

  private record LocalVisit(long id, LocalDateTime at, LocalDate day) {}

  private static final Contract BY_EVENT =
      Contract.of(Visit.class).serviceLevel(ServiceLevel.NONE.freshWithin(HOUR).eventTime("at"));

  private MeshClient define(Contract contract) {
    MeshClient shop = registerShop();
    shop.defineProduct(VISITS).contract(contract).openToMesh().commit();
    return shop;
  }

  private Subscription<GenericRecord> reader() {
    return registerFinance().subscribe(VISITS).name("report").purpose("A report").commit();
  }

  private Instant ago(long minutes) {
    return clock.instant().minus(Duration.ofMinutes(minutes));
  }

  private PublishReceipt publish(Instant... times) {
    return shop().publish(VISITS).records(visits(times)).commit();
  }

  private static List<Visit> visits(Instant... times) {
    return IntStream.range(0, times.length).mapToObj(i -> new Visit(i, times[i])).toList();
  }

  @Test
  void theNewestEventDecidesWhetherAProductIsLate() {
    define(BY_EVENT);
    Subscription<GenericRecord> reader = reader();
    assertThat(reader.freshness().status()).isEqualTo(Health.Status.NEVER_PUBLISHED);

    Instant newest = ago(50);
    publish(ago(200), newest, ago(70));

    assertThat(reader.freshness().dataTime()).contains(newest);
    assertThat(reader.freshness().status()).isEqualTo(Health.Status.FRESH);
    clock.advance(Duration.ofMinutes(11));
    assertThat(reader.freshness().status()).isEqualTo(Health.Status.LATE);
    assertThat(reader.freshness().lateBy()).isEqualTo(Duration.ofMinutes(1));
    publish(ago(90));
    assertThat(reader.freshness().dataTime()).as("late rows do not lower it").contains(newest);
    assertThat(reader.freshness().status()).isEqualTo(Health.Status.LATE);
    Instant now = ago(0);
    publish(now);
    assertThat(reader.freshness().dataTime()).contains(now);
    assertThat(reader.freshness().isFresh()).isTrue();
    assertWhole();
  }

  @Test
  void rowsBeforeTheColumnWasNamedCountFromTheirFiles() {
    MeshClient shop = define(Contract.of(Visit.class));
    Subscription<GenericRecord> reader = reader();
    Instant newest = ago(10);
    publish(newest);
    shop.amendContract(VISITS, BY_EVENT).commit();
    assertThat(reader.freshness().dataTime()).as("without another publish").contains(newest);

    publish(ago(9_000));

    assertThat(reader.freshness().dataTime()).contains(newest);
  }

  @Test
  void anEmptyReplacementHasNoNewestEvent() {
    MeshClient shop = define(BY_EVENT);
    Subscription<GenericRecord> reader = reader();
    publish(ago(10));

    shop.publish(VISITS).records(visits()).replaceAll().allowEmpty().commit();

    assertThat(reader.freshness().dataTime()).isEmpty();
    publish(ago(20));
    assertThat(reader.freshness().dataTime()).contains(ago(20));
  }

  @Test
  void rowsOfTheFutureDoNotMakeDataFresh() {
    define(BY_EVENT);
    Subscription<GenericRecord> reader = reader();

    PublishReceipt receipt = publish(clock.instant().plus(Duration.ofDays(400)));

    assertThat(reader.freshness().dataTime()).contains(receipt.committedAt());
    clock.advance(Duration.ofMinutes(61));
    assertThat(reader.freshness().status()).isEqualTo(Health.Status.LATE);
  }

  @Test
  void oneRowOfTheFutureDoesNotHideThatTheOthersAreOld() {
    MeshClient shop = define(BY_EVENT);
    Subscription<GenericRecord> reader = reader();
    publish(ago(300));

    Instant future = clock.instant().plus(Duration.ofDays(400));
    shop.publish(VISITS).records(visits(ago(200), future, ago(250))).replaceAll().commit();

    assertThat(reader.freshness().dataTime()).contains(ago(200));
    assertThat(reader.freshness().status()).isEqualTo(Health.Status.LATE);
    assertThat(shop.health().products().get(0).freshness().dataTime()).contains(ago(200));
    assertThat(shop.health().late()).isEqualTo(1);

    shop.publish(VISITS).records(visits(future)).replaceAll().commit();
    assertThat(reader.freshness().dataTime()).as("that of the rows before").contains(ago(200));
    publish(ago(10), future);
    assertThat(reader.freshness().dataTime()).contains(ago(10));
    assertWhole();
  }

  @Test
  void aClockThatIsSomeMinutesAheadMakesNoRowOfTheFuture() {
    define(BY_EVENT);
    Subscription<GenericRecord> reader = reader();
    publish(ago(50));

    PublishReceipt receipt = publish(clock.instant().plus(Duration.ofMinutes(2)));

    assertThat(reader.freshness().dataTime()).contains(receipt.committedAt());
  }

  @Test
  void theColumnOfTheEventTimeDecidesFromTheAmendmentThatNamesIt() {
    MeshClient shop = registerShop();
    Contract twoTimes = Contract.of(Twice.class);
    ServiceLevel level = ServiceLevel.NONE.freshWithin(HOUR);
    shop.defineProduct(VISITS).contract(twoTimes.serviceLevel(level.eventTime("seen"))).commit();
    Twice row = new Twice(1, ago(300), ago(30));
    shop.publish(VISITS).records(List.of(row)).commit();
    assertThat(shop.health().late()).isEqualTo(1);

    shop.amendContract(VISITS, twoTimes.serviceLevel(level.eventTime("stored"))).commit();
    assertThat(shop.health().late()).isZero();
    assertThat(shop.health().products().get(0).freshness().dataTime()).contains(ago(30));

    shop.amendContract(VISITS, twoTimes.serviceLevel(level.eventTime("seen"))).commit();
    assertThat(shop.health().late()).as("nothing was published").isEqualTo(1);
    mesh.maintain().compactAtLeast(2).commit();
    assertThat(shop.health().late()).isEqualTo(1);
    assertWhole();
  }

  private record Twice(long id, Instant seen, Instant stored) {}

  @Test
  void anotherZoneMovesTheEventsFromTheAmendmentOn() {
    MeshClient shop = registerShop();
    Contract local = Contract.of(LocalVisit.class);
    ServiceLevel level = ServiceLevel.NONE.freshWithin(HOUR);
    shop.defineProduct(VISITS)
        .contract(local.serviceLevel(level.eventTime("at", ZoneId.of("Asia/Tokyo"))))
        .commit();
    LocalDateTime at = LocalDateTime.parse("2026-01-10T12:00:00");
    shop.publish(VISITS).records(List.of(new LocalVisit(1, at, at.toLocalDate()))).commit();

    shop.amendContract(VISITS, local.serviceLevel(level.eventTime("at", BERLIN))).commit();

    assertThat(shop.health().products().get(0).freshness().dataTime())
        .contains(Instant.parse("2026-01-10T11:00:00Z"));
  }

  @Test
  void daysCountAsKeptIfTheEventsWereNotOlderThanPromised() {
    MeshClient shop = define(BY_EVENT.freshWithin(Duration.ofHours(30)));
    publish(ago(1));
    for (int day = 0; day < 4; day++) {
      clock.advance(Duration.ofDays(1));
      publish(ago(60L * 24 * 10)); // the publishes are on time, their events are not
    }

    assertThat(shop.health().products().get(0).freshness().daysKept()).isLessThanOrEqualTo(1);
  }

  @Test
  void aReplacementAndARollbackHaveTheTimeOfTheirRows() {
    MeshClient shop = define(BY_EVENT);
    Subscription<GenericRecord> reader = reader();
    Instant first = ago(30);
    Instant second = ago(40);
    PublishReceipt before = publish(first);

    shop.publish(VISITS).records(visits(second)).replaceAll().commit();
    assertThat(reader.freshness().dataTime()).contains(second);

    shop.rollBack(VISITS).to(before.snapshotId().orElseThrow()).because("wrong").commit();
    assertThat(reader.freshness().dataTime()).contains(first);
    shop.erase(VISITS).where("id = 0").because("asked to").commit();
    clock.advance(Duration.ofDays(2));
    mesh.maintain().commit();
    assertThat(reader.freshness().dataTime()).as("no row is left").isEmpty();
    assertWhole();
  }

  @Test
  void anEraseLeavesTheTimeOfTheRowsThatRemain() {
    MeshClient shop =
        define(
            Contract.of(Visit.class)
                .serviceLevel(ServiceLevel.NONE.eventTime("at").maxLateness(HOUR)));
    Subscription<GenericRecord> reader = reader();
    Instant old = ago(900);
    publish(old, ago(10));

    shop.erase(VISITS).where("id = 1").because("asked").commit();

    assertThat(reader.freshness().dataTime()).contains(old);
    PublishReceipt newer = publish(ago(600));
    assertThat(newer.lateRows()).as("newer than each row of the table").isZero();
    Erase.Proof proof =
        shop.erase(VISITS).where("at > " + literal(old)).because("asked").withProof().commit();
    assertThat(reader.freshness().dataTime()).contains(old);
    assertThat(proof.outOfReach()).noneMatch(place -> place.contains("metadata"));
    assertWhole();
  }

  @Test
  void noFileHasTheTimeOfARowThatWasErasedWithAProof() throws IOException {
    MeshClient shop = define(BY_EVENT);
    Instant erased = ago(10).plusMillis(654);
    publish(ago(900));
    publish(ago(800), erased);
    publish(ago(700));
    assertThat(filesWith(erased)).isNotEmpty();

    Erase.Proof proof =
        shop.erase(VISITS).where("at = " + literal(erased)).because("asked").withProof().commit();

    assertThat(filesWith(erased)).isEmpty();
    assertThat(proof.outOfReach()).noneMatch(place -> place.contains("metadata"));
    assertWhole();
    publish(ago(600));
    assertThat(filesWith(erased)).isEmpty();
    assertWhole();
  }

  @Test
  void noFileHasTheTimeOfARowWhoseSnapshotsExpiredBeforeTheProof() throws IOException {
    MeshClient shop = define(BY_EVENT);
    Instant erased = ago(10).plusMillis(654);
    publish(ago(900));
    publish(ago(800), erased);
    String filter = "at = " + literal(erased);
    shop.erase(VISITS).where(filter).because("asked").commit();
    for (int month = 0; month < 3; month++) {
      clock.advance(Duration.ofDays(30));
      mesh.maintain().commit();
    }
    assertThat(filesWith(erased)).isNotEmpty();

    shop.erase(VISITS).where(filter).because("asked").withProof().commit();

    assertThat(filesWith(erased)).isEmpty();
    assertWhole();
  }

  /** The files with a time as metadata has it. */
  private List<String> filesWith(Instant time) throws IOException {
    List<String> eventTimes = new ArrayList<>();
    for (String file : files.present().keySet()) {
      try (InputStream in = files.newInputFile(file).newStream()) {
        if (new String(in.readAllBytes(), StandardCharsets.ISO_8859_1).contains(time.toString())) {
          eventTimes.add(file);
        }
      }
    }
    return eventTimes;
  }

  private static String literal(Instant time) {
    return "TIMESTAMP '" + time + "'";
  }

  @Test
  void aStatementOfCompletenessCountsAsMuchAsAnEvent() {
    define(BY_EVENT);
    Subscription<GenericRecord> reader = reader();
    publish(ago(50));
    clock.advance(Duration.ofMinutes(30));
    assertThat(reader.freshness().isFresh()).isFalse();

    shop().publish(VISITS).records(visits()).completeUpTo(ago(5)).commit();

    assertThat(reader.freshness().isFresh()).isTrue();
    clock.advance(Duration.ofMinutes(56));
    assertThat(reader.freshness().lateBy()).isEqualTo(Duration.ofMinutes(1));
  }

  @Test
  void localTimesAndDaysCountInTheirZone() {
    MeshClient shop =
        define(
            Contract.of(LocalVisit.class)
                .serviceLevel(ServiceLevel.NONE.freshWithin(HOUR).eventTime("at", BERLIN)));
    Subscription<GenericRecord> reader = reader();
    LocalDate day = LocalDate.parse("2026-11-18");
    LocalDateTime twice = LocalDateTime.parse("2026-10-25T02:30:00");

    shop.publish(VISITS).records(Arrays.asList(new LocalVisit(1, twice, day))).commit();
    assertThat(reader.freshness().dataTime())
        .as("the later of two instants")
        .contains(Instant.parse("2026-10-25T01:30:00Z"));

    shop.defineProduct("commerce/days")
        .contract(
            Contract.of(LocalVisit.class)
                .serviceLevel(ServiceLevel.NONE.freshWithin(HOUR).eventTime("day", BERLIN)))
        .openToMesh()
        .commit();
    shop.publish("commerce/days").records(List.of(new LocalVisit(1, twice, day))).commit();
    assertThat(
            as("finance")
                .subscribe("commerce/days")
                .name("report")
                .purpose("A report")
                .commit()
                .freshness()
                .dataTime())
        .as("the end of the day")
        .contains(Instant.parse("2026-11-18T23:00:00Z"));
  }

  @Test
  void aReaderOfSomeRowsOrColumnsDoesNotLearnTheNewestEvent() {
    MeshClient shop = registerShop();
    shop.defineProduct(VISITS).contract(BY_EVENT).commit();
    registerFinance();
    shop.grant(VISITS).columns("id").to(Principal.of("finance", "etl")).because("B").commit();
    Subscription<GenericRecord> reader =
        as("finance").subscribe(VISITS).name("report").purpose("A report").commit();

    PublishReceipt receipt = publish(ago(50));
    clock.advance(Duration.ofMinutes(11));

    assertThat(reader.freshness().dataTime()).isEmpty();
    assertThat(reader.freshness().lastUpdated()).contains(receipt.committedAt());
    assertThat(reader.freshness().isFresh()).isTrue();
  }
}
