package io.meshwork.internal.conformance.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.MeshClient;
import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.contract.ServiceLevel;
import io.meshwork.error.ContractViolationException;
import io.meshwork.error.Finding;
import io.meshwork.event.MeshEvent;
import io.meshwork.internal.conformance.fixture.MeshFixture;
import io.meshwork.internal.event.EventDetails.TableCommit;
import io.meshwork.internal.event.EventDetailsCodec;
import io.meshwork.publish.PublishReceipt;
import io.meshwork.publish.StagedPublish;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Rows older than the newest published event are counted, and bounded by the contract. */
public abstract class LateRowsSuite extends MeshFixture {
  private static final String VISITS = "commerce/visits";
  private static final ServiceLevel BY_EVENT = ServiceLevel.NONE.eventTime("at");
  private static final ServiceLevel BOUNDED = BY_EVENT.maxLateness(Duration.ofHours(1));

  private record Visit(long id, Instant at) {}

  private record LocalVisit(long id, LocalDateTime at, LocalDate day) {}

  private MeshClient define(ServiceLevel level, OnViolation policy) {
    MeshClient shop = registerShop();
    shop.defineProduct(VISITS)
        .contract(Contract.of(Visit.class).serviceLevel(level).onViolation(policy))
        .commit();
    return shop;
  }

  /** How many rows of a publish were late, and by how much. */
  private record LateRows(long count, Duration largest) {
    static final LateRows NONE = new LateRows(0, Duration.ZERO);

    static LateRows of(PublishReceipt receipt) {
      return new LateRows(receipt.lateRows(), receipt.largestLateness());
    }
  }

  private Instant ago(long minutes) {
    return clock.instant().minus(Duration.ofMinutes(minutes));
  }

  private static List<Visit> visits(Instant... times) {
    return IntStream.range(0, times.length).mapToObj(i -> new Visit(i, times[i])).toList();
  }

  private PublishReceipt publish(Instant... times) {
    return shop().publish(VISITS).records(visits(times)).commit();
  }

  @Test
  void lateRowsArePublishedAndCounted() {
    MeshClient shop = define(BY_EVENT, OnViolation.REJECT);
    assertThat(LateRows.of(publish(ago(200), ago(50))))
        .as("nothing before")
        .isEqualTo(LateRows.NONE);

    PublishReceipt late = publish(ago(10), ago(51), ago(170), ago(50));

    LateRows expected = new LateRows(2, Duration.ofMinutes(120));
    assertThat(LateRows.of(late)).isEqualTo(expected);
    assertThat(late.rowsAccepted()).isEqualTo(4);
    assertThat(late.toJson()).contains("\"late\":2,\"largestLateness\":\"PT2H\"");
    assertThat(
            LateRows.of(
                shop.publishHistory(VISITS).findReceipt(late.idempotencyKey()).orElseThrow()))
        .isEqualTo(expected);
    assertThat(
            shop.events(VISITS).list().stream()
                .filter(event -> event.type() == MeshEvent.Type.PRODUCT_PUBLISHED)
                .map(event -> ((TableCommit) EventDetailsCodec.detailsOf(event)).majors().get(0))
                .map(major -> new LateRows(major.lateRows(), major.largestLateness())))
        .containsExactly(LateRows.NONE, expected);
    assertThat(LateRows.of(publish(ago(10)))).isEqualTo(LateRows.NONE);
    assertWhole();
  }

  @Test
  void aPublishWithARowThatIsTooLateIsRejected() {
    define(BOUNDED, OnViolation.REJECT);
    Instant newest = ago(50);
    publish(newest, ago(9_000));
    Instant bound = newest.minus(Duration.ofHours(1));

    assertThatThrownBy(() -> publish(bound, bound.minusMillis(1)))
        .isInstanceOfSatisfying(
            ContractViolationException.class,
            rejected ->
                assertThat(rejected.findings())
                    .singleElement()
                    .satisfies(
                        finding -> {
                          assertThat(finding.where()).isEqualTo(ServiceLevel.MAX_LATENESS);
                          assertThat(finding.what())
                              .contains("at", bound.toString(), "1 of 2 rows", "first in row 2");
                          assertThat(finding.severity()).isEqualTo(Finding.Severity.ERROR);
                        }));
    assertThat(LateRows.of(publish(bound))).isEqualTo(new LateRows(1, Duration.ofHours(1)));
    assertWhole();
  }

  @Test
  void theQuarantineTakesRowsThatAreTooLate() {
    MeshClient shop = define(BOUNDED, OnViolation.QUARANTINE);
    publish(ago(0));

    PublishReceipt receipt =
        shop.publish(VISITS)
            .records(
                IntStream.range(0, 20)
                    .mapToObj(i -> new Visit(i, i == 7 ? ago(61) : ago(i)))
                    .toList())
            .commit();

    assertThat(receipt.quality().rowsQuarantined()).isEqualTo(1);
    assertThat(receipt.failingRowsByRule()).containsEntry(ServiceLevel.MAX_LATENESS, 1L);
    assertThat(receipt.lateRows()).as("published ones").isEqualTo(18);
    assertThat(all(shop.quarantine(VISITS).where("rules LIKE '%maxLateness%'"))).hasSize(1);
    assertWhole();
  }

  @Test
  void stagedRowsAreJudgedWhenTheyArePromoted() {
    MeshClient shop = define(BOUNDED, OnViolation.REJECT);
    publish(ago(100));
    StagedPublish staged = shop.publish(VISITS).records(visits(ago(130))).stage();
    publish(ago(10));

    assertThatThrownBy(() -> staged.promote().commit())
        .isInstanceOf(ContractViolationException.class)
        .hasMessageContaining(ServiceLevel.MAX_LATENESS);
  }

  @Test
  void aReplacementCorrectsRowsAndIsNeverLate() {
    MeshClient shop = define(BOUNDED, OnViolation.REJECT);
    publish(ago(0), ago(300));

    PublishReceipt receipt =
        shop.publish(VISITS).records(visits(ago(0), ago(301))).replaceAll().commit();

    assertThat(LateRows.of(receipt)).isEqualTo(LateRows.NONE);
  }

  @Test
  void rowsOfTheFutureMakeNoRowOfThePresentLate() {
    define(BOUNDED, OnViolation.REJECT);
    Instant committed = publish(clock.instant().plus(Duration.ofDays(400))).committedAt();

    assertThat(LateRows.of(publish(committed))).isEqualTo(LateRows.NONE);
    assertThat(publish(committed.minus(Duration.ofHours(1))).lateRows()).isEqualTo(1);
  }

  @Test
  void localTimesAndDaysAreComparedInTheirZone() {
    MeshClient shop = registerShop();
    ZoneId berlin = ZoneId.of("Europe/Berlin");
    for (String column : List.of("at", "day")) {
      shop.defineProduct("commerce/by-" + column)
          .contract(
              Contract.of(LocalVisit.class)
                  .serviceLevel(
                      ServiceLevel.NONE.eventTime(column, berlin).maxLateness(Duration.ofHours(2))))
          .commit();
    }
    LocalDate day = LocalDate.parse("2026-10-25");
    LocalDateTime four = day.atTime(4, 0); // 02:00 or 03:00 two hours before, as clocks go back
    shop.publish("commerce/by-at").records(List.of(new LocalVisit(1, four, day))).commit();
    shop.publish("commerce/by-day").records(List.of(new LocalVisit(1, four, day))).commit();

    assertThat(
            LateRows.of(
                shop.publish("commerce/by-at")
                    .records(List.of(new LocalVisit(2, four.minusHours(2), day)))
                    .commit()))
        .as("the later of two instants, 01:00Z, is two hours before 03:00Z")
        .isEqualTo(new LateRows(1, Duration.ofHours(2)));
    assertThatThrownBy(
            () ->
                shop.publish("commerce/by-at")
                    .records(List.of(new LocalVisit(3, four.minusMinutes(121), day)))
                    .commit())
        .isInstanceOf(ContractViolationException.class)
        .hasMessageContaining("2026-10-25T02:00");
    assertThat(
            LateRows.of(
                shop.publish("commerce/by-day")
                    .records(List.of(new LocalVisit(2, four, day)))
                    .commit()))
        .isEqualTo(LateRows.NONE);
    assertThatThrownBy(
            () ->
                shop.publish("commerce/by-day")
                    .records(List.of(new LocalVisit(3, four, day.minusDays(1))))
                    .commit())
        .isInstanceOf(ContractViolationException.class);
  }

  @Test
  void aLocalTimeThatTheClocksSkipIsNotLateByLessThanNothing() {
    MeshClient shop = registerShop();
    shop.defineProduct(VISITS)
        .contract(
            Contract.of(LocalVisit.class)
                .serviceLevel(ServiceLevel.NONE.eventTime("at", ZoneId.of("America/St_Johns"))))
        .commit();
    LocalDate day = LocalDate.parse("2026-03-08"); // 02:00 is 03:00
    shop.publish(VISITS).records(List.of(new LocalVisit(1, day.atTime(3, 10), day))).commit();

    PublishReceipt receipt =
        shop.publish(VISITS)
            .records(
                List.of(
                    new LocalVisit(2, day.atTime(2, 20), day), // means 03:20
                    new LocalVisit(3, day.atTime(1, 55), day)))
            .commit();

    assertThat(LateRows.of(receipt)).isEqualTo(new LateRows(1, Duration.ofMinutes(15)));
    assertThat(
            LateRows.of(
                shop.publish(VISITS)
                    .records(List.of(new LocalVisit(4, day.atTime(2, 20), day)))
                    .commit()))
        .isEqualTo(LateRows.NONE);
  }
}
