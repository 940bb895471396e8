package io.meshwork.internal.conformance.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.error.ConflictException;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.operation.Plan;
import io.meshwork.publish.PublishReceipt;
import io.meshwork.rollout.ProductEnd;
import io.meshwork.rollout.Rollout;
import io.meshwork.testkit.Faults.Death;
import io.meshwork.testkit.Faults.Phase;
import io.meshwork.testkit.Faults.Port;
import io.meshwork.testkit.SimulatedCrash;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Rollouts that follow each other, of which the older ones are not complete or are undone. */
public abstract class ThreeVersionsSuite extends ThreeVersionsFixture {
  private PublishReceipt erase(String filter) {
    return shop().erase(ORDERS).where(filter).because("They asked.").commit();
  }

  /** The first version was retired, then the third one was opened, then the first one restored. */
  private void firstRestoredAfterTheThird() {
    defined();
    second();
    retire(1);
    third();
    publish(3, new PaymentOfPayer(3, "joe"));
    assertThat(rollout(1).restore().because("A report").commit().newOnlySince()).isPresent();
  }

  @Test
  void anEraseOfARestoredVersionThatLacksRowsReachesAllVersions() {
    firstRestoredAfterTheThird();

    PublishReceipt erased =
        shop().erase(ORDERS).majorVersion(1).where("id = 1").because("They asked.").commit();

    assertThat(erased.otherVersions()).extracting(PublishReceipt::major).containsExactly(2, 3);
    assertIds(1, 0L, 2L);
    assertIds(2, 0L, 2L, 3L);
    assertIds(3, 0L, 2L, 3L);
    assertThat(rollout(1).backFill().commit().newOnlySince()).isEmpty();
    publish(1, new Payment(4, "kim"));
    assertIds(1, 0L, 2L, 3L, 4L);
    assertIds(2, 0L, 2L, 3L, 4L);
    assertIds(3, 0L, 2L, 3L, 4L);
    assertThat(rollout(2).verify().commit().isEqual()).isTrue();
    assertWhole();
  }

  @Test
  void anEraseOfARestoredVersionThatLacksRowsMakesTheOthersLoseTheSameRows() {
    firstRestoredAfterTheThird();

    assertThatThrownBy(
            () ->
                shop()
                    .erase(ORDERS)
                    .majorVersion(1)
                    .where("id = 30")
                    .because("They asked.")
                    .where(3, "id = 3")
                    .commit())
        .isInstanceOf(ConflictException.class)
        .hasMessageContainingAll(
            "0 in major version 2 and 1 in major version 3",
            "Nothing was erased.",
            "where(2, filter) and where(3, filter)");
    assertIds(2, 0L, 1L, 2L, 3L);
    assertIds(3, 0L, 1L, 2L, 3L);
    assertWhole();
  }

  @Test
  void versionsAreRetiredFromTheOldestOneOn() {
    firstRestoredAfterTheThird();
    rollout(2).close().commit();
    clock.advance(Duration.ofDays(31));

    assertThat(rollout(2).retire().plan().findings())
        .filteredOn(finding -> finding.severity() == Finding.Severity.ERROR)
        .extracting(Finding::code)
        .containsExactly(FindingCode.OLDER_MAJOR_IN_USE);
    assertThatThrownBy(() -> rollout(2).retire().commit())
        .isInstanceOf(ConflictException.class)
        .hasMessageContaining("Major version 1 is in use")
        .hasMessageContaining("Complete rollout 1 first");

    assertThat(rollout(1).backFill().commit().newOnlySince()).isEmpty();
    publish(3, new PaymentOfPayer(4, "kim"));
    assertIds(1, 0L, 1L, 2L, 3L, 4L);
    assertThatThrownBy(() -> rollout(2).retire().commit()).isInstanceOf(ConflictException.class);
    assertThat(all(as("finance").read(ORDERS).as(PaymentOfPayer.class))).hasSize(5);
    assertThat(rollout(1).retire().commit().state()).isEqualTo(Rollout.State.RETIRED);
    assertThat(rollout(2).retire().commit().state()).isEqualTo(Rollout.State.RETIRED);
    publish(3, new PaymentOfPayer(5, "lou"));
    assertIds(3, 0L, 1L, 2L, 3L, 4L, 5L);
    assertWhole();
  }

  @Test
  void aVersionThatIsClosedDoesNotBecomeTheCurrentOne() {
    defined();
    second();
    third();
    rollout(2).close().commit();
    assertThat(rollout(1).makeCurrent().plan().steps())
        .first()
        .extracting(Plan.Step::subject)
        .isEqualTo(ORDERS + " 3.0.0");

    assertThat(rollout(1).close().plan().steps())
        .extracting(Plan.Step::subject)
        .containsExactly(ORDERS + " 1.0.0", ORDERS + " 3.0.0");
    rollout(1).close().commit();

    assertThat(rollout(1).makeCurrent().plan().steps()).isEmpty();
    clock.advance(Duration.ofDays(31));
    rollout(1).retire().commit();
    rollout(2).retire().commit();
    shop().publish(ORDERS).records(List.of(new PaymentOfPayer(3, "joe"))).commit();
    assertThat(all(as("finance").read(ORDERS).as(PaymentOfPayer.class))).hasSize(4);
    assertWhole();
  }

  @Test
  void anEraseOfAProductThatEndedReachesItsRetiredVersions() {
    defined();
    second();
    retire(1);
    ProductEnd end = shop().endProduct(ORDERS).because("Sold").commit().announce().commit();
    end.close().commit();
    clock.advance(Duration.ofDays(31));
    end.retire().commit();

    PublishReceipt erased = erase("id = 1");

    assertThat(erased.otherVersions()).extracting(PublishReceipt::major).containsExactly(1);
    assertIds(1, 0L, 2L);
    assertIds(2, 0L, 2L);
    assertWhole();
  }

  @Test
  void aRetirementRemovesTheFenceOfAnInterruptedAbort() {
    defined();
    second();
    rollout(1).close().commit();
    clock.advance(Duration.ofDays(31));
    faults.on(Port.REGISTRY_COMMIT).nth(2).crash(Phase.BEFORE, Death.THROW);
    assertThatThrownBy(() -> rollout(1).abort().because("Late").commit())
        .isInstanceOf(SimulatedCrash.class);
    faults.clear();

    rollout(1).retire().commit();

    assertThat(as("finance").subscribe(ORDERS).name("copy").purpose("x").asMaps().commit().major())
        .isEqualTo(2);
    third();
    publish(3, new PaymentOfPayer(3, "joe"));
    assertIds(2, 0L, 1L, 2L, 3L);
    assertWhole();
  }
}
