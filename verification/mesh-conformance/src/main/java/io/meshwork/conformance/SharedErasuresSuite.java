package io.meshwork.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.publish.PublishReceipt;
import io.meshwork.testkit.Faults.Port;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Major versions share rows: what an erase selects by the name of one of them is readable in none,
 * whatever their states are, and does not return when one of them opens.
 */
abstract class SharedErasuresSuite extends ThreeVersionsFixture {
  /** Payments whose column has the name that another one had before. */
  record PaymentToCustomer(long id, String payer, String customer) {}

  private PublishReceipt erase(int major, String filter) {
    return shop().publish(ORDERS).majorVersion(major).erasingWhere(filter, "They asked.").commit();
  }

  /** The next version is prepared, and each publish writes it, too. */
  private void prepareThird() {
    shop()
        .rollOut(ORDERS)
        .contract(contract(PaymentOfPayer.class))
        .renaming("buyer", "payer")
        .because("Names")
        .commit();
    shop().rollout(ORDERS).backFill().commit();
  }

  @Test
  void anEraseOfARestoredVersionThatLacksRowsReachesOneThatIsPrepared() {
    defined();
    second();
    retire(1);
    publish(2, new PaymentOfBuyer(3, "joe"));
    assertThat(rollout(1).restore("A report").commit().behindSince()).isPresent();
    prepareThird();
    assertIds(3, 0L, 1L, 2L, 3L);

    PublishReceipt erased = erase(1, "id = 1");

    assertThat(erased.also()).extracting(PublishReceipt::major).containsExactly(2, 3);
    assertIds(1, 0L, 2L);
    assertIds(2, 0L, 2L, 3L);
    assertIds(3, 0L, 2L, 3L);
    shop().rollout(ORDERS).activate().commit();
    assertThat(all(as("finance").read(ORDERS).majorVersion(3).asMaps())).hasSize(3);
    assertWhole();
  }

  @Test
  void anEraseOfAPreparedVersionReachesARetiredOne() {
    defined();
    second();
    retire(1);
    prepareThird();

    PublishReceipt erased = erase(3, "id = 1");

    assertThat(erased.also()).extracting(PublishReceipt::major).containsExactly(2, 1);
    assertIds(1, 0L, 2L);
    assertIds(2, 0L, 2L);
    assertIds(3, 0L, 2L);
    rollout(1).restore("A report").commit();
    assertIds(1, 0L, 2L);
    assertWhole();
  }

  /** The history of two files, of which a back-fill copied some before it ended. */
  private void partlyCopied() {
    defined();
    for (long id = 3; id < 28; id++) {
      publish(1, new Payment(id, "joe"));
    }
    shop()
        .rollOut(ORDERS)
        .contract(contract(PaymentOfBuyer.class))
        .renaming("customer", "buyer")
        .because("Names")
        .commit();
    shop()
        .rollout(ORDERS)
        .backFill()
        .within(Duration.ofMinutes(1))
        .onProgress((phase, done, total) -> clock.advance(Duration.ofMinutes(2)))
        .commit();
    assertThat(shop().rollout(ORDERS).cutOver()).isEmpty();
  }

  private List<Object> names(int major, String column) {
    return all(shop().read(ORDERS).majorVersion(major).asMaps()).stream()
        .map(row -> row.get(column))
        .toList();
  }

  @Test
  void anEraseBeforeTheCutOverRemovesTheCopiesOfItsRowsWithoutAFilterOnTheirColumns() {
    partlyCopied();
    assertThat(names(2, "buyer")).contains("bob");

    PublishReceipt erased = erase(1, "customer = 'bob'");

    assertThat(erased.also()).isEmpty();
    assertThat(names(2, "buyer")).isNotEmpty().doesNotContain("bob");
    shop().rollout(ORDERS).backFill().commit();
    assertThat(names(2, "buyer")).hasSize(27).contains("ann").doesNotContain("bob");
    assertWhole();
  }

  @Test
  void aBackFillDoesNotCommitACopyOfAFileWhoseRowsWereErasedMeanwhile() {
    defined();
    shop()
        .rollOut(ORDERS)
        .contract(contract(PaymentOfBuyer.class))
        .renaming("customer", "buyer")
        .because("Names")
        .commit();
    faults.on(Port.REGISTRY_COMMIT).nth(1).meanwhile(() -> erase(1, "customer = 'bob'"));
    faults
        .on(Port.REGISTRY_COMMIT)
        .nth(3)
        .meanwhile(() -> assertThat(names(2, "buyer")).doesNotContain("bob"));

    shop().rollout(ORDERS).backFill().commit();
    faults.clear();

    assertThat(names(2, "buyer")).containsExactlyInAnyOrder("ann", "eve");
    assertWhole();
  }

  /** The name of the old column is that of a new one, which has other values. */
  private void prepareOtherCustomers() {
    defined();
    shop()
        .rollOut(ORDERS)
        .contract(contract(PaymentToCustomer.class))
        .renaming("customer", "payer")
        .because("Names")
        .commit();
    shop()
        .rollout(ORDERS)
        .backFill(
            Payment.class, row -> new PaymentToCustomer(row.id(), row.customer(), "of " + row.id()))
        .commit();
  }

  @Test
  void aFilterThatNamesAnotherColumnInAnotherVersionIsRejected() {
    prepareOtherCustomers();

    assertThatThrownBy(() -> erase(1, "customer = 'bob'"))
        .isInstanceOfSatisfying(
            InvalidRequestException.class,
            refused -> assertThat(refused.errorCode()).isEqualTo(ErrorCode.FILTER_INVALID))
        .hasMessageContainingAll("major version 2", "names another column", "alsoTo(2, ");
    shop()
        .publish(ORDERS)
        .majorVersion(1)
        .erasingWhere("customer = 'bob'", "They asked.")
        .alsoTo(2, row -> row, "payer = 'bob'")
        .commit();

    assertIds(1, 0L, 2L);
    assertIds(2, 0L, 2L);
    assertWhole();
  }

  @Test
  void anErasureNowRejectsAFilterThatNamesAnotherColumnInAnotherVersion() {
    prepareOtherCustomers();
    shop().rollout(ORDERS).activate().commit();
    var erasure =
        shop().eraseNow(ORDERS).where("customer = 'bob'").because("asked").idempotencyKey("one");

    assertThatThrownBy(erasure::commit)
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContainingAll("major version 2", "names another column", "where(2, filter)");
    assertIds(1, 0L, 1L, 2L);
    assertIds(2, 0L, 1L, 2L);
    shop()
        .eraseNow(ORDERS)
        .where("customer = 'bob'")
        .where(2, "payer = 'bob'")
        .because("asked")
        .idempotencyKey("two")
        .commit();
    assertIds(1, 0L, 2L);
    assertIds(2, 0L, 2L);
    assertWhole();
  }
}
