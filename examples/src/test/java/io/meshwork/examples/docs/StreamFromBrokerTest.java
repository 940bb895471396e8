package io.meshwork.examples.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.consume.Rows;
import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.examples.docs.PublishedStreamTest.Click;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Messages of a Kafka broker are published once, although a consumer of the group is killed. */
class StreamFromBrokerTest {
  private static final int MESSAGES = 103;
  private static final int PARTITIONS = 2;

  @Test
  void eachMessageIsPublishedOnceAlthoughAConsumerIsKilled(@TempDir Path folder) throws Exception {
    Path files = Files.createDirectories(folder.resolve("mesh"));
    Path broker = Files.createDirectories(folder.resolve("kafka"));
    try (KafkaBroker kafka = KafkaBroker.start(broker);
        Mesh mesh = LocalMesh.open(files)) {
      MeshClient web = mesh.clientAs(Principal.of("web", "etl"));
      web.registerDomain("web").owner("web@example.org").commit();
      web.defineProduct("web/clicks")
          .contract(Contract.of(Click.class).onViolation(OnViolation.QUARANTINE))
          .commit();
      send(kafka);

      assertThat(killed(files, kafka, folder.resolve("consumer.log"))).isEqualTo(137);
      int before = pages(web).size();
      assertThat(before).isGreaterThanOrEqualTo(20).isLessThan(MESSAGES);

      try (Consumer<String, String> consumer = StreamOfGroup.consumer(kafka.address())) {
        StreamOfGroup stream = new StreamOfGroup(web, consumer);
        stream.run(() -> pages(web).size() + stream.waiting() < MESSAGES);
      }

      assertThat(pages(web))
          .containsExactlyInAnyOrderElementsOf(
              IntStream.range(0, MESSAGES).mapToObj(number -> "page-" + number).toList());
      for (int partition = 0; partition < PARTITIONS; partition++) {
        assertThat(web.feed("web/clicks", "clicks-" + partition).open().lastSequence())
            .hasValue((MESSAGES + PARTITIONS - 1 - partition) / PARTITIONS - 1);
      }
    }
  }

  /** Sends the messages to two partitions in turn. */
  private static void send(KafkaBroker kafka) throws ExecutionException, InterruptedException {
    Map<String, Object> settings = Map.of("bootstrap.servers", kafka.address());
    try (Admin admin = Admin.create(settings)) {
      admin.createTopics(List.of(new NewTopic("clicks", PARTITIONS, (short) 1))).all().get();
    }
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
      for (int i = 0; i < MESSAGES; i++) {
        producer.send(new ProducerRecord<>("clicks", i % PARTITIONS, "key", "page-" + i)).get();
      }
    }
  }

  /** Runs a consumer in a process that ends in the middle; returns its exit code. */
  private static int killed(Path mesh, KafkaBroker kafka, Path log)
      throws IOException, InterruptedException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            StreamOfGroup.class.getName(),
            mesh.toString(),
            kafka.address())
        .redirectErrorStream(true)
        .redirectOutput(log.toFile())
        .start()
        .waitFor();
  }

  private static List<String> pages(MeshClient web) {
    try (Rows<Click> rows = web.read("web/clicks").as(Click.class).rows()) {
      return rows.stream().map(Click::page).toList();
    }
  }
}
