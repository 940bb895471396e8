package io.meshwork.examples.docs;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.examples.docs.PublishedStreamTest.Click;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import io.meshwork.publish.Feed;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;

/** Publishes the partitions that Kafka assigns to this member of a consumer group. */
final class StreamOfGroup {
  private final MeshClient web;
  private final Consumer<String, String> consumer;

  // tag::group[]
  private final Map<TopicPartition, Feed<Click>> feeds = new HashMap<>();

  /** Opens the feed of a partition when it is assigned, and closes it when it is revoked. */
  private final class Feeds implements ConsumerRebalanceListener {
    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> assigned) {
      for (TopicPartition source : assigned) {
        Feed<Click> feed =
            web.<Click>feed("web/clicks", "clicks-" + source.partition()).rowsPerCommit(10).open();
        feeds.put(source, feed);
        if (feed.lastSequence().isPresent()) {
          consumer.seek(source, feed.lastSequence().getAsLong() + 1);
        } else {
          consumer.seekToBeginning(List.of(source));
        }
      }
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> revoked) {
      for (TopicPartition source : revoked) {
        try (Feed<Click> feed = Objects.requireNonNull(feeds.remove(source))) {
          PublishedStreamTest.attempt(feed::commit);
        }
      }
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> lost) {
      lost.forEach(source -> Objects.requireNonNull(feeds.remove(source)).close());
    }
  }

  void run(BooleanSupplier running) {
    consumer.subscribe(List.of("clicks"), new Feeds());
    while (running.getAsBoolean()) {
      for (ConsumerRecord<String, String> message : consumer.poll(Duration.ofMillis(100))) {
        TopicPartition source = new TopicPartition(message.topic(), message.partition());
        PublishedStreamTest.take(Objects.requireNonNull(feeds.get(source)), message);
      }
      feeds.values().forEach(feed -> PublishedStreamTest.attempt(feed::commitIfDue));
    }
    consumer.unsubscribe(); // revokes the partitions, which commits their feeds
  }

  // end::group[]

  StreamOfGroup(MeshClient web, Consumer<String, String> consumer) {
    this.web = web;
    this.consumer = consumer;
  }

  /** How many rows wait in feeds. */
  int waiting() {
    return feeds.values().stream().mapToInt(Feed::waitingRows).sum();
  }

  static Consumer<String, String> consumer(String broker) {
    return new KafkaConsumer<>(
        Map.of(
            "bootstrap.servers", broker,
            "group.id", "publisher",
            "enable.auto.commit", "false",
            "session.timeout.ms", "1000",
            "heartbeat.interval.ms", "200",
            "max.poll.records", "7"),
        new StringDeserializer(),
        new StringDeserializer());
  }

  /**
   * Publishes until some messages of a later transaction wait, and then ends without any clean-up.
   *
   * @param args the folder of the mesh, and the address of the broker
   */
  public static void main(String[] args) {
    try (Mesh mesh = LocalMesh.open(Path.of(args[0]));
        Consumer<String, String> consumer = consumer(args[1])) {
      MeshClient web = mesh.clientAs(Principal.of("web", "etl"));
      StreamOfGroup stream = new StreamOfGroup(web, consumer);
      stream.run(
          () -> {
            if (web.publishHistory("web/clicks").changes().size() >= 2 && stream.waiting() > 0) {
              Runtime.getRuntime().halt(137);
            }
            return true;
          });
    }
  }
}
