package io.meshwork.internal.conformance.quality;

import static io.meshwork.contract.Rule.mean;
import static io.meshwork.contract.Rule.notNull;
import static io.meshwork.contract.Rule.rowCount;
import static io.meshwork.contract.Rule.steady;
import static io.meshwork.contract.Rule.sum;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.MeshClient;
import io.meshwork.contract.Contract;
import io.meshwork.contract.QualityReport.Outcome;
import io.meshwork.contract.QualityReport.QualityEntry;
import io.meshwork.error.AccessDeniedException;
import io.meshwork.error.ContractViolationException;
import io.meshwork.error.Finding;
import io.meshwork.event.MeshEvent;
import io.meshwork.governance.GovernanceClient.DomainQuality;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.internal.event.EventDetails.QualityScore;
import io.meshwork.internal.event.EventDetails.TableCommit;
import io.meshwork.internal.event.EventDetailsCodec;
import io.meshwork.publish.PublishReceipt;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** Rules on whole publishes, on tables, and on other products, and their history. */
public abstract class DataQualitySuite extends VisitFixture {

  @Test
  void aMeasureThatDeviatesFromItsHistoryWarnsOrRejects() {
    defineVisits(steady("rowCount"), steady("mean(spent)", 3, 5).error().id("spent"));
    for (int size : new int[] {10, 11, 9, 10, 12}) {
      PublishReceipt receipt = published(visits(0, size));
      assertThat(receipt.quality().rules())
          .allMatch(rule -> rule.outcome() == Outcome.PASS)
          .allMatch(rule -> rule.reason().equals("not enough history"));
    }

    // The median row count is 10 and its deviation 1.4826, so 14 is within 4 deviations. The median
    // mean is 4.5 and its deviation 0.7413, so 6.5 is within 3.
    PublishReceipt more = published(visits(0, 14));
    assertThat(more.quality().rules()).allMatch(rule -> rule.outcome() == Outcome.PASS);

    ContractViolationException strays = refused(visits(0, 100));
    assertThat(strays.findings())
        .extracting(Finding::where)
        .containsExactly("spent", "steady.rowCount");
    assertThat(strays)
        .hasMessageContainingAll("mean(spent) deviates from its last 5 publishes: it is ")
        .hasMessageContainingAll("robust deviations above their median; 3 are allowed");
    assertThat(strays.findings().get(1).what())
        .contains("rowCount deviates from its last 6 publishes: it is 100, and ", "is allowed");
    assertThat(shop().publishHistory(VISITS).quality()).hasSize(6);
    assertThat(shop().publishHistory(VISITS).quality().get(0).measures())
        .isEqualTo(Map.of("rowCount", 14.0, "mean(spent)", 6.5));
  }

  @Test
  void aMeanOfInfiniteValuesSaysThatItIsNotANumber() {
    defineVisits(mean("spent", 0, 10));
    assertThat(
            refused(
                List.of(
                    new Visit(1, "ulm", Optional.empty(), MORNING, Double.POSITIVE_INFINITY),
                    new Visit(2, "ulm", Optional.empty(), MORNING, Double.NEGATIVE_INFINITY))))
        .hasMessageContaining("it is not a number, because values are infinite")
        .hasMessageNotContaining("bound");
    assertThat(
            refused(
                List.of(new Visit(1, "ulm", Optional.empty(), MORNING, Double.POSITIVE_INFINITY))))
        .hasMessageContaining("above its upper bound");
  }

  @Test
  void theHistoryListsTheQualityOfAcceptedPublishes() {
    defineVisits(notNull("customer").warn(), rowCount(1, 100), sum("spent", 0, null));
    published(List.of(visit(1, "berlin", 1), visit(2, "berlin", 2)));
    clock.advance(Duration.ofMinutes(5));
    PublishReceipt second = published(List.of(new Visit(3, "ulm", Optional.empty(), MORNING, 2.5)));
    shop().erase(VISITS).where("id = 1").because("asked to").commit();
    refused(visits(0, 101));

    List<QualityEntry> history = shop().publishHistory(VISITS).quality();

    assertThat(history).hasSize(2);
    assertThat(history.get(0).publishId()).isEqualTo(second.publishId());
    assertThat(history.get(0).contract()).isEqualTo(second.contractVersion());
    assertThat(history.get(0).committedAt()).isEqualTo(second.committedAt());
    assertThat(history.get(0).rowsAccepted()).isEqualTo(1);
    assertThat(history.get(0).rowsQuarantined()).isZero();
    assertThat(history.get(0).qualityScore()).hasValue(100);
    assertThat(history.get(0).rulesPassed()).isEqualTo(2);
    assertThat(history.get(0).rulesEvaluated()).isEqualTo(3);
    assertThat(history.get(0).measures()).isEqualTo(Map.of("rowCount", 1.0, "sum(spent)", 2.5));
    assertThat(history.get(1).qualityScore()).hasValue(100);
    assertThat(second.quality().failedInAccepted()).hasSize(1);
    MeshEvent published =
        shop().events(VISITS).list().stream()
            .filter(event -> event.type() == MeshEvent.Type.PRODUCT_PUBLISHED)
            .skip(1)
            .findFirst()
            .orElseThrow();
    assertThat(((TableCommit) EventDetailsCodec.detailsOf(published)).majors().get(0).quality())
        .contains(new QualityScore(OptionalDouble.of(100), OptionalInt.of(2), OptionalInt.of(3)));
  }

  @Test
  void theCardShowsTheScoreOfTheLatestAcceptedPublish() {
    defineVisits(notNull("customer").warn(), rowCount(1, 10));
    assertThat(shop().describe(VISITS).quality()).isEmpty();
    published(visits(0, 3));
    Visit unknown = new Visit(9, "ulm", Optional.empty(), MORNING, 1);

    PublishReceipt latest = published(List.of(unknown));
    assertThat(refused(visits(0, 11))).isNotNull();

    QualityEntry shown = shop().describe(VISITS).quality().orElseThrow();
    assertThat(shown.publishId()).isEqualTo(latest.publishId());
    assertThat(shown.contract()).isEqualTo(latest.contractVersion());
    assertThat(shown.committedAt()).isEqualTo(latest.committedAt());
    assertThat(shown.qualityScore()).hasValue(100);
    assertThat(shown.rulesPassed()).isEqualTo(1);
    assertThat(shown.rulesEvaluated()).isEqualTo(2);
  }

  @Test
  void theHistoryOfAClosedProductIsShownOnlyToItsReaders() {
    registerShop().defineProduct(ORDERS).contract(Contract.of(Order.class)).commit();
    shop().publish(ORDERS).records(Order.range(0, 3)).commit();
    MeshClient finance = registerFinance();

    assertThat(shop().publishHistory(ORDERS).quality()).hasSize(1);
    assertThatThrownBy(() -> finance.publishHistory(ORDERS).quality())
        .isInstanceOf(AccessDeniedException.class);
    assertThat(finance.governance().domainQuality("commerce").latest()).isEmpty();
    assertThat(shop().governance().domainQuality("commerce").latest().values())
        .extracting(QualityEntry::measures)
        .containsExactly(Map.of());
  }

  @Test
  void aDomainsScoreIsThatOfTheLatestAcceptedPublishOfEachMajor() {
    defineVisits(notNull("customer").warn(), rowCount(1, 10));
    shop().defineProduct(ORDERS).contract(Contract.of(Order.class)).commit();
    assertThat(shop().governance().domainQuality("commerce").score()).isEmpty();

    published(List.of(new Visit(1, "ulm", Optional.empty(), MORNING, 0)));
    shop().publish(ORDERS).records(Order.range(0, 3)).commit();
    assertThat(shop().governance().domainQuality("commerce").score()).hasValue(100);
    assertThat(shop().governance().domainQuality("commerce").rulesPassed()).isEqualTo(1);
    published(visits(0, 3));
    refused(visits(0, 11));

    MeshClient finance = registerFinance();
    for (MeshClient asking : List.of(shop(), finance)) {
      DomainQuality quality = asking.governance().domainQuality("commerce");
      assertThat(quality.score()).hasValue(100);
      assertThat(quality.rulesPassed()).isEqualTo(2);
      assertThat(quality.rulesEvaluated()).isEqualTo(2);
    }
    assertThat(shop().governance().domainQuality("commerce").latest()).hasSize(2);
    assertThat(finance.governance().domainQuality("commerce").latest().keySet())
        .extracting(major -> major.product().toString())
        .containsExactly(VISITS);
  }
}
