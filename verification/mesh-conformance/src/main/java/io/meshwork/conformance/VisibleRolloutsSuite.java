package io.meshwork.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.MeshClient;
import io.meshwork.card.ProductCard;
import io.meshwork.card.ProductCard.Replacement;
import io.meshwork.error.NotFoundException;
import io.meshwork.product.Principal;
import io.meshwork.rollout.Rollout;
import java.time.LocalDate;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Consumers see a rollout from its announcement on; its owner and stewards see it before. */
abstract class VisibleRolloutsSuite extends TrackFixture {
  private static final Principal STEWARD = Principal.of("audit", "ann");

  @Test
  void aPlannedRolloutIsVisibleToItsOwnerAndToStewardsOnly() {
    Rollout planned = planned();
    shop().governance().appoint(STEWARD).commit();
    MeshClient steward = mesh.actingAs(STEWARD);

    assertHidden(() -> finance().rollout(ORDERS));
    assertThat(finance().rollouts()).isEmpty();
    assertThat(majors(finance())).containsExactly(1);
    assertThat(shop().rollout(ORDERS)).isEqualTo(planned);
    assertThat(shop().rollouts()).containsExactly(planned);
    assertThat(majors(shop())).containsExactly(1, 2);
    assertThat(steward.rollout(ORDERS)).isEqualTo(planned);
    assertThat(majors(steward)).containsExactly(1, 2);

    Rollout announced = planned.announce().commit();

    assertThat(finance().rollout(ORDERS)).isEqualTo(announced);
    assertThat(finance().rollouts()).containsExactly(announced);
    assertThat(majors(finance())).containsExactly(1, 2);
    announced.abort("Wrong unit").commit();
    assertThat(finance().rollout(ORDERS).state()).isEqualTo(Rollout.State.ABORTED);
    Rollout second = rollOut(shop()).commit();
    assertThat(finance().rollout(ORDERS).number()).as("the announced one").isEqualTo(1);
    assertThat(shop().rollout(ORDERS)).isEqualTo(second);
    assertThat(majors(finance())).doesNotContain(3);
  }

  @Test
  void aRolloutWithoutAnAnnouncementIsVisibleOnceItsVersionIsOpen() {
    Rollout planned = planned();
    assertHidden(() -> sales().rollout(ORDERS));

    Rollout parallel = planned.activate().commit();

    assertThat(sales().rollout(ORDERS)).isEqualTo(parallel);
    assertThat(sales().describe(ORDERS).replacements())
        .containsExactly(new Replacement(1, 2, true, REASON, EARLIEST));
  }

  private static void assertHidden(ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOf(NotFoundException.class)
        .hasMessageContainingAll("none that you see", "from its announcement on");
  }

  private static List<Integer> majors(MeshClient client) {
    return client.describe(ORDERS).versions().stream()
        .map(version -> version.version().major())
        .toList();
  }

  @Test
  void theCardShowsAReplacementWithTheDateOfTheCaller() {
    Rollout planned = planned();
    assertThat(shop().describe(ORDERS).replacements()).as("not announced").isEmpty();

    planned.announce().commit();

    ProductCard card = finance().describe(ORDERS);
    assertThat(card.replacements()).containsExactly(new Replacement(1, 2, false, REASON, EARLIEST));
    assertThat(card.toString()).contains("major version 1 by 2 after 2026-12-20");
    LocalDate later = EARLIEST.plusDays(20);
    track(shop(), "finance/ids").offer(later).commit();
    assertThat(until(finance())).isEqualTo(later);
    assertThat(until(sales())).isEqualTo(EARLIEST);
    assertThat(until(shop())).isEqualTo(later);

    Rollout parallel = planned.activate().commit();
    assertThat(finance().describe(ORDERS).replacements())
        .extracting(Replacement::readable)
        .containsExactly(true);
    parallel.close().commit();
    assertThat(until(sales())).isEqualTo(EARLIEST);
    shop().rollout(ORDERS).abort("Wrong unit").commit();
    assertThat(finance().describe(ORDERS).replacements()).isEmpty();
  }

  private static LocalDate until(MeshClient client) {
    return client.describe(ORDERS).replacements().get(0).until();
  }
}
