package io.meshwork.examples.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.consume.Rows;
import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.error.ContractViolationException;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import io.meshwork.publish.Feed;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A Kafka consumer publishes each record once. The consumer is the client's own MockConsumer. */
class PublishedStreamTest {
  private static final TopicPartition CLICKS = new TopicPartition("clicks", 0);

  private static final Logger LOG = System.getLogger(PublishedStreamTest.class.getName());

  // tag::click[]
  record Click(String page, Instant at) {
    static Click of(ConsumerRecord<String, String> message) {
      return new Click(message.value(), Instant.ofEpochMilli(message.timestamp()));
    }
  }

  // end::click[]

  // tag::run[]
  static void run(
      MeshClient web, Consumer<String, String> consumer, int partition, BooleanSupplier running) {
    TopicPartition source = new TopicPartition("clicks", partition);
    try (Feed<Click> feed =
        web.<Click>feed("web/clicks", "clicks-" + partition)
            .rowsPerCommit(50_000)
            .timePerCommit(Duration.ofMinutes(1))
            .open()) {
      consumer.assign(List.of(source));
      if (feed.lastSequence().isPresent()) {
        consumer.seek(source, feed.lastSequence().getAsLong() + 1);
      } else {
        consumer.seekToBeginning(List.of(source));
      }
      while (running.getAsBoolean()) {
        for (ConsumerRecord<String, String> message : consumer.poll(Duration.ofSeconds(1))) {
          take(feed, message);
        }
        attempt(feed::commitIfDue);
      }
      attempt(feed::commit);
    }
  }

  // end::run[]

  // tag::refused[]
  /** Passes a message to the feed. Rows that the contract refuses wait for better ones. */
  static void take(Feed<Click> feed, ConsumerRecord<String, String> message) {
    Runnable accept = () -> feed.accept(message.offset(), Click.of(message));
    boolean taken = attempt(accept);
    if (!taken) {
      taken = attempt(accept); // refused again only by a full feed, which lacks the message
    }
    if (!taken && feed.skip().isPresent()) {
      LOG.log(Level.ERROR, "the feed was full of refused messages, and gave them up");
      attempt(accept);
    }
  }

  /** False if the contract refused the waiting rows. */
  static boolean attempt(Runnable call) {
    try {
      call.run();
      return true;
    } catch (ContractViolationException refused) {
      LOG.log(Level.WARNING, refused.getMessage());
      return false;
    }
  }

  // end::refused[]

  @Test
  void aConsumerThatCrashesContinuesAfterTheLastPublishedOffset(@TempDir Path folder) {
    try (Mesh mesh = LocalMesh.open(folder)) {
      MeshClient web = mesh.clientAs(Principal.of("web", "etl"));
      web.registerDomain("web").owner("web@example.org").commit();
      // tag::define[]
      web.defineProduct("web/clicks")
          .contract(Contract.of(Click.class).onViolation(OnViolation.QUARANTINE))
          .commit();
      // end::define[]

      run(web, consumer(3), 0, polls(2));
      assertThatThrownBy(() -> run(web, consumer(7), 0, crashAfter(2)))
          .isInstanceOf(IllegalStateException.class);
      run(web, consumer(9), 0, polls(2));

      try (Rows<Click> rows = web.read("web/clicks").as(Click.class).rows()) {
        assertThat(rows.stream().map(Click::page))
            .containsExactlyElementsOf(
                LongStream.range(0, 9).mapToObj(offset -> "page-" + offset).toList());
      }
      assertThat(web.publishHistory("web/clicks").changes()).hasSize(2);
    }
  }

  @Test
  void aBadMessageWaitsForEnoughGoodOnes(@TempDir Path folder) {
    try (Mesh mesh = LocalMesh.open(folder)) {
      MeshClient web = mesh.clientAs(Principal.of("web", "etl"));
      web.registerDomain("web").owner("web@example.org").commit();
      web.defineProduct("web/clicks")
          .contract(Contract.of(Click.class).onViolation(OnViolation.QUARANTINE))
          .commit();

      run(web, consumer(3, 1), 0, polls(2));
      assertThat(web.publishHistory("web/clicks").changes())
          .as("one of three is too many")
          .isEmpty();
      run(web, consumer(20, 1), 0, polls(2));

      try (Rows<Click> rows = web.read("web/clicks").as(Click.class).rows()) {
        assertThat(rows.stream()).hasSize(19);
      }
      assertThat(web.feed("web/clicks", "clicks-0").open().lastSequence()).hasValue(19);
    }
  }

  @Test
  void aFullFeedOfBadMessagesIsSkipped(@TempDir Path folder) {
    try (Mesh mesh = LocalMesh.open(folder)) {
      MeshClient web = mesh.clientAs(Principal.of("web", "etl"));
      web.registerDomain("web").owner("web@example.org").commit();
      web.defineProduct("web/clicks")
          .contract(Contract.of(Click.class).onViolation(OnViolation.QUARANTINE))
          .commit();

      try (Feed<Click> feed = web.<Click>feed("web/clicks", "clicks-0").rowsPerCommit(1).open()) {
        for (long offset = 0; offset < 11; offset++) {
          take(feed, new ConsumerRecord<>("clicks", 0, offset, "key", null));
        }
        assertThat(feed.lastSequence()).hasValue(9);
        assertThat(feed.waitingRows()).isEqualTo(1);
      }
    }
  }

  private static MockConsumer<String, String> consumer(int messages) {
    return consumer(messages, -1);
  }

  /**
   * A consumer of a topic with so many messages, which it returns at its first poll.
   *
   * @param bad the offset of a message without a page
   */
  private static MockConsumer<String, String> consumer(int messages, long bad) {
    MockConsumer<String, String> consumer = new MockConsumer<>("earliest");
    consumer.updateBeginningOffsets(Map.of(CLICKS, 0L));
    consumer.schedulePollTask(
        () ->
            LongStream.range(0, messages)
                .mapToObj(
                    offset ->
                        new ConsumerRecord<>(
                            "clicks", 0, offset, "key", offset == bad ? null : "page-" + offset))
                .forEach(consumer::addRecord));
    return consumer;
  }

  private static BooleanSupplier polls(int times) {
    int[] left = {times};
    return () -> left[0]-- > 0;
  }

  private static BooleanSupplier crashAfter(int polls) {
    int[] left = {polls};
    return () -> {
      if (left[0]-- == 0) {
        throw new IllegalStateException("the process crashes");
      }
      return true;
    };
  }
}
