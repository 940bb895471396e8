package io.meshwork.internal.conformance.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.MeshClient;
import io.meshwork.consume.Batch;
import io.meshwork.consume.Subscribe;
import io.meshwork.consume.Subscription;
import io.meshwork.error.ConflictException;
import io.meshwork.rollout.MajorRollout;
import io.meshwork.rollout.Rollout;
import io.meshwork.rollout.Rollout.Track;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Consumers of three major versions, between which two rollouts are open at the same time. */
public abstract class ThreeVersionMovesSuite extends ThreeVersionsFixture {
  private final Map<String, List<Long>> received = new TreeMap<>();
  private long next = 3;

  private MeshClient finance() {
    return as("finance");
  }

  private Subscribe<Map<String, Object>> subscription(String name) {
    return finance().subscribe(ORDERS).name(name).purpose("A copy").columns("id").asMaps();
  }

  /** Starts a subscription, or moves it. */
  private void subscribe(String name, int major) {
    Subscription<Map<String, Object>> subscription =
        subscription(name)
            .majorVersion(major)
            .allowDeprecated()
            .because("The report needs it")
            .commit();
    assertThat(subscription.major()).isEqualTo(major);
  }

  /** Polls to the end; each batch has only rows that were added. */
  private void poll(String name) {
    List<Long> ids = received.computeIfAbsent(name, any -> new ArrayList<>());
    Subscription<Map<String, Object>> subscription = subscription(name).commit();
    boolean more = true;
    while (more) {
      try (Batch<Map<String, Object>> batch = subscription.poll()) {
        more = !batch.isEmpty();
        assertThat(batch.kind()).as("%s: %s", name, batch.because()).isEqualTo(Batch.Kind.ADDED);
        batch.forEach(row -> ids.add((Long) row.get("id")));
        batch.ack();
      }
    }
  }

  /** Publishes one payment by each of these major versions. */
  private void publishBy(int... majors) {
    for (int major : majors) {
      long id = next++;
      switch (major) {
        case 1 -> publish(1, new Payment(id, "ann"));
        case 2 -> publish(2, new PaymentOfBuyer(id, "bob"));
        default -> publish(3, new PaymentOfPayer(id, "eve"));
      }
    }
  }

  private Long[] published() {
    return LongStream.range(0, next).boxed().toArray(Long[]::new);
  }

  /** Each subscription that polled to the end received each payment once. */
  private void assertReceived(String... names) {
    for (String name : names) {
      poll(name);
      assertThat(received.get(name)).as(name).containsExactlyInAnyOrder(published());
    }
  }

  /** The track of a consumer in a rollout, as the consumer sees it. */
  private Track.Move track(int number, String consumer) {
    return finance().rollouts().stream()
        .filter(each -> each.number() == number)
        .findFirst()
        .map(MajorRollout.class::cast)
        .orElseThrow()
        .track(consumer);
  }

  private static List<String> consumers(MajorRollout rollout) {
    return rollout.tracks().stream().map(Track::consumer).toList();
  }

  /**
   * Two open rollouts. The subscriptions {@code skips} and {@code steps} are on the first version,
   * {@code second} and {@code third} on theirs; the domain sales reads the first one without a
   * subscription.
   */
  private void consumed() {
    defined();
    as("sales").registerDomain("sales").owner("sales@example.org").commit();
    subscribe("skips", 1);
    subscribe("steps", 1);
    poll("skips");
    poll("steps");
    second();
    all(as("sales").read(ORDERS).majorVersion(1).asMaps());
    publishBy(1, 2);
    subscribe("second", 2);
    poll("second");
    poll("steps");
    third();
    poll("skips");
    poll("steps");
    publishBy(1, 2, 3);
    subscribe("third", 3);
  }

  @Test
  void aFollowerMovesToACurrentVersionThatAThirdOneReplaces() {
    defined();
    subscription("follows").followRollouts().commit();
    poll("follows");
    second();
    third();
    publishBy(1);

    rollout(1).makeCurrent().commit();

    assertReceived("follows");
    assertThat(subscription("follows").commit().major()).isEqualTo(2);
    assertThat(track(1, "follows").state()).isEqualTo(Track.State.MIGRATING);
    assertThat(track(2, "follows").state()).isEqualTo(Track.State.WAITING);
    rollout(2).close().commit();
    assertReceived("follows");
    assertThat(subscription("follows").commit().major()).isEqualTo(3);
  }

  @Test
  void consumersOfEachVersionReceiveEachRowOnceWhenTheyMoveOrSkipAVersion() {
    consumed();
    assertThat(consumers(rollout(1)))
        .containsExactlyInAnyOrder("finance/skips", "finance/steps", "sales/@");
    assertThat(consumers(rollout(2))).contains("finance/second").doesNotContain("finance/third");
    Track countered =
        track(1, "skips")
            .counter(rollout(1).retireAfter().plusDays(10))
            .because("Year end")
            .commit();
    assertThat(countered.answer()).isEqualTo(Track.Answer.COUNTERED);
    track(1, "steps").agree().commit();
    track(2, "second").agree().commit();
    assertThat(rollout(1).track("finance/skips").accept().commit().dateAccepted()).isTrue();
    assertReceived("second", "third");

    subscribe("steps", 2);
    poll("steps");
    publishBy(3, 2, 1);
    subscribe("skips", 3);
    assertReceived("skips");
    publishBy(2);
    subscribe("steps", 3);
    publishBy(1, 3);
    assertReceived("skips", "steps", "second", "third");

    assertThat(rollout(1).track("finance/skips").state()).isEqualTo(Track.State.MIGRATING);
    track(1, "skips").moved().because("The job reads version 3").commit();
    track(1, "steps").moved().because("The job reads version 3").commit();
    rollout(1).close().commit();
    assertThatThrownBy(() -> rollout(1).retire().commit())
        .isInstanceOf(ConflictException.class)
        .hasMessageContaining("sales/@");
    clock.advance(Duration.ofDays(31));
    assertThat(rollout(1).retire().commit().state()).isEqualTo(Rollout.State.RETIRED);
    publishBy(2, 3);
    rollout(2).close().commit();
    assertThatThrownBy(() -> rollout(2).retire().commit())
        .isInstanceOf(ConflictException.class)
        .hasMessageContaining("finance/second");
    subscribe("second", 3);
    assertReceived("second");
    for (Track waiting : rollout(2).waitingFor()) {
      track(2, waiting.consumer().replace("finance/", ""))
          .moved()
          .because("It reads version 3")
          .commit();
    }
    assertThat(rollout(2).retire().commit().state()).isEqualTo(Rollout.State.RETIRED);
    publishBy(3);
    assertReceived("skips", "steps", "second", "third");
    assertIds(3, published());
    assertWhole();
  }

  @Test
  void anAbortOfTheSecondRolloutLeavesTheFirstOneAndItsConsumers() {
    consumed();
    assertReceived("third");
    assertThatThrownBy(() -> rollout(2).abort().because("Wrong name").commit())
        .isInstanceOf(ConflictException.class)
        .hasMessageContaining("finance/third uses major version 3");
    subscribe("steps", 3);
    assertReceived("steps");
    publishBy(3, 1);

    subscribe("third", 2);
    subscribe("steps", 1);
    assertReceived("third");
    publishBy(2);
    assertThat(rollout(2).abort().because("Wrong name").commit().state())
        .isEqualTo(Rollout.State.ABORTED);

    assertThat(rollout(1).state()).isEqualTo(Rollout.State.PARALLEL);
    publishBy(1, 2);
    assertReceived("skips", "steps", "second", "third");
    assertIds(1, published());
    assertIds(2, published());
    assertThat(rollout(1).verify().commit().isEqual()).isTrue();
    for (String name : List.of("skips", "steps")) {
      subscribe(name, 2);
      poll(name);
      track(1, name).moved().because("The job reads version 2").commit();
    }
    publishBy(1);
    rollout(1).close().commit();
    clock.advance(Duration.ofDays(31));
    assertThat(rollout(1).retire().commit().state()).isEqualTo(Rollout.State.RETIRED);
    publishBy(2);
    assertReceived("skips", "steps", "second", "third");
    assertWhole();
  }
}
