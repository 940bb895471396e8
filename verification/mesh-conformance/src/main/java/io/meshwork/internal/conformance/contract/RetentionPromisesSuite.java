package io.meshwork.internal.conformance.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.contract.Contract;
import io.meshwork.contract.Rule;
import io.meshwork.contract.ServiceLevel;
import io.meshwork.error.ConflictException;
import io.meshwork.internal.conformance.fixture.MeshFixture;
import io.meshwork.publish.Publish;
import java.time.Duration;
import java.time.Instant;
import java.time.Period;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A replacement keeps the rows that the contract promises to keep; an erase follows the law. */
public abstract class RetentionPromisesSuite extends MeshFixture {
  private static final String VISITS = "commerce/visits";
  private static final ServiceLevel A_MONTH = ServiceLevel.NONE.retention(Period.ofDays(30));

  private record Visit(long id, Instant at) {}

  private Instant daysAgo(long days) {
    return clock.instant().minus(Duration.ofDays(days));
  }

  /** Visits of 1, 20, 40, and 60 days ago, with these numbers as IDs, in one file. */
  private void published(ServiceLevel level) {
    registerShop()
        .defineProduct(VISITS)
        .contract(Contract.of(Visit.class).serviceLevel(level))
        .commit();
    publish(1, 20, 40, 60).commit();
  }

  private Publish<Visit> publish(long... days) {
    List<Visit> visits = Arrays.stream(days).mapToObj(day -> new Visit(day, daysAgo(day))).toList();
    return shop().publish(VISITS).records(visits);
  }

  private long rows() {
    return all(shop().read(VISITS)).size();
  }

  @Test
  void youngRowsAreNotReplacedByNone() {
    published(A_MONTH.eventTime("at"));

    for (Publish<Visit> removal :
        List.of(
            publish().replaceAll().allowEmpty(), publish().replaceWhere("id >= 20").allowEmpty())) {
      assertThat(removal.plan().rejection().orElse("")).contains("P30D");
      assertThatThrownBy(removal::commit)
          .isInstanceOf(ConflictException.class)
          .hasMessageContaining("promises to keep rows for P30D")
          .hasMessageContaining(daysAgo(30).toString())
          .hasMessageContaining("erase(..)");
    }
    assertThat(rows()).isEqualTo(4);
    publish().replaceWhere("id >= 40").allowEmpty().commit();
    assertThat(rows()).as("old rows of the same file").isEqualTo(2);
    assertWhole();
  }

  @Test
  void aReplacementThatLacksThePromisedDaysIsRejected() {
    published(A_MONTH.eventTime("at"));

    assertThatThrownBy(() -> publish(1, 19).replaceAll().commit())
        .isInstanceOf(ConflictException.class)
        .hasMessageContaining("would be missing");

    publish(1, 20).replaceAll().commit();
    publish(20).replaceWhere("id = 20").commit();
    assertThat(rows()).as("those of the last thirty days").isEqualTo(2);
    assertWhole();
  }

  @Test
  void rowsThatAreOlderThanPromisedDoNotStandForThePromisedDays() {
    published(A_MONTH.eventTime("at"));

    Publish<Visit> oldRows = publish(60).replaceAll();
    assertThat(oldRows.plan().rejection().orElse("")).contains("P30D");
    for (Publish<Visit> lacking : List.of(oldRows, publish(1, 60).replaceAll())) {
      assertThatThrownBy(lacking::commit)
          .isInstanceOf(ConflictException.class)
          .hasMessageContaining("would be missing");
    }
    assertThat(rows()).isEqualTo(4);

    publish(60, 20, 1).replaceAll().commit();
    assertThat(rows()).isEqualTo(3);
    assertWhole();
  }

  @Test
  void aDryRunShowsTheReasonOfTheCommitThoughThereAreTwo() {
    registerShop()
        .defineProduct(VISITS)
        .contract(
            Contract.of(Visit.class)
                .require(Rule.rowCount(2, 9).scope(Rule.Scope.TABLE))
                .serviceLevel(A_MONTH.eventTime("at")))
        .commit();
    publish(1, 20, 40, 60).commit();
    Publish<Visit> tooFew = publish(1).replaceAll();

    String reason = tooFew.plan().rejection().orElseThrow();

    assertThatThrownBy(tooFew::commit).hasMessage(reason).hasMessageContaining("P30D");
  }

  @Test
  void anEraseAndARollbackAreNotBoundByThePromise() {
    published(A_MONTH.eventTime("at"));
    String first = shop().read(VISITS).snapshots().get(0).id();
    publish(0).commit();

    shop().rollBack(VISITS).to(first).because("wrong").commit();
    assertThat(rows()).isEqualTo(4);
    shop().erase(VISITS).where("id = 1").because("a person asked").commit();
    assertThat(rows()).isEqualTo(3);
    assertWhole();
  }

  @Test
  void withoutAnEventTimeNoReplacementRemovesRows() {
    published(A_MONTH);

    assertThatThrownBy(() -> publish().replaceWhere("id = 60").allowEmpty().commit())
        .isInstanceOf(ConflictException.class)
        .hasMessageContaining("their age is not known");
    publish(3).replaceAll().commit();
    assertThat(rows()).as("replaced by others").isEqualTo(1);
  }
}
