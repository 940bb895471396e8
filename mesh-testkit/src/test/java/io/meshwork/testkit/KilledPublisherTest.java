package io.meshwork.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.consume.Rows;
import io.meshwork.local.LocalMesh;
import io.meshwork.publish.PublishReceipt;
import io.meshwork.testkit.PublishingChild.Event;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Two processes publish to one folder, one of them is killed: nothing is lost or doubled. */
class KilledPublisherTest {
  private static final int PUBLISHES = 6;

  /** About so many lines a child prints while it publishes. */
  private static final int LINES = 70;

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(longs = {11, 12, 13, 14})
  void nothingIsLostAndNothingDoubled(long seed) throws Exception {
    killAndRunAgain(seed);
  }

  static List<Long> nightlySeeds() {
    return new Random(20_261_120).longs(60).boxed().toList();
  }

  @Tag("nightly")
  @ParameterizedTest
  @MethodSource("nightlySeeds")
  void nothingIsLostAndNothingDoubledInManyRounds(long seed) throws Exception {
    killAndRunAgain(seed);
  }

  private void killAndRunAgain(long seed) throws Exception {
    int lines = 1 + new Random(seed).nextInt(LINES);
    String moment = "seed " + seed + ", killed after line " + lines;
    try (Mesh mesh = LocalMesh.open(folder)) {
      PublishingChild.define(mesh);

      List<String> acknowledged = runBothAndKillOne(mesh, lines, moment);

      MeshClient lab = PublishingChild.client(mesh);
      assertThat(mesh.doctor().problems()).as(moment).isEmpty();
      assertThat(publishesSeen(lab, moment)).as(moment).containsAll(acknowledged);
      assertThat(publishesSeen(lab, moment))
          .as(moment)
          .containsAll(PublishingChild.keys("survivor", PUBLISHES));
    }
    try (Mesh mesh = LocalMesh.openExisting(folder)) {
      MeshClient lab = PublishingChild.client(mesh);
      List<String> before = publishesSeen(lab, moment);
      for (String key : PublishingChild.keys("killed", PUBLISHES)) {
        PublishReceipt receipt =
            lab.publish(PublishingChild.EVENTS)
                .records(PublishingChild.events(key))
                .idempotencyKey(key)
                .commit();
        assertThat(receipt.replayed()).as("%s: %s", moment, key).isEqualTo(before.contains(key));
      }
      assertComplete(mesh, moment);
    }
  }

  /** Runs two children, kills the first after so many lines, and waits for the second. */
  private List<String> runBothAndKillOne(Mesh mesh, int lines, String moment) throws Exception {
    List<String> acknowledged = new ArrayList<>();
    Process survivor =
        PublishingChild.start(folder, "survivor", PUBLISHES, ProcessBuilder.Redirect.DISCARD);
    Process killed =
        PublishingChild.start(folder, "killed", PUBLISHES, ProcessBuilder.Redirect.PIPE);
    try (BufferedReader output =
        new BufferedReader(
            new InputStreamReader(killed.getInputStream(), StandardCharsets.UTF_8))) {
      for (int i = 0; i < lines; i++) {
        note(output.readLine(), acknowledged);
        if (i % 20 == 10) {
          publishesSeen(PublishingChild.client(mesh), moment);
        }
      }
      // Process.destroyForcibly would close the pipe, and with it the last answers.
      killed.toHandle().destroyForcibly();
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        note(line, acknowledged);
      }
      killed.waitFor();
      assertThat(survivor.waitFor(2, TimeUnit.MINUTES)).as("%s: the other ended", moment).isTrue();
      assertThat(survivor.exitValue()).as("%s: how the other ended", moment).isZero();
    } finally {
      killed.destroyForcibly();
      survivor.destroyForcibly();
    }
    return acknowledged;
  }

  /** The last line of a killed process may be torn; a torn name is no key. */
  private static void note(String line, List<String> acknowledged) {
    if (line != null && line.matches("published killed-\\d")) {
      acknowledged.add(line.substring("published ".length()));
    }
  }

  /** The publishes that a reader sees, each of which must be whole. */
  private static List<String> publishesSeen(MeshClient lab, String moment) {
    Map<String, Integer> rowsByPublish = new TreeMap<>();
    try (Rows<Event> rows = lab.read(PublishingChild.EVENTS).as(Event.class).read()) {
      rows.forEach(event -> rowsByPublish.merge(event.publish(), 1, Integer::sum));
    }
    assertThat(rowsByPublish.values())
        .as("%s: rows of each publish in %s", moment, rowsByPublish)
        .allMatch(rows -> rows == PublishingChild.ROWS);
    return List.copyOf(rowsByPublish.keySet());
  }

  private static void assertComplete(Mesh mesh, String moment) {
    MeshClient lab = PublishingChild.client(mesh);
    List<String> keys = new ArrayList<>(PublishingChild.keys("killed", PUBLISHES));
    keys.addAll(PublishingChild.keys("survivor", PUBLISHES));
    List<Event> expected = new ArrayList<>();
    keys.forEach(key -> expected.addAll(PublishingChild.events(key)));
    List<Event> read = new ArrayList<>();
    try (Rows<Event> rows = lab.read(PublishingChild.EVENTS).as(Event.class).read()) {
      rows.forEach(read::add);
    }
    assertThat(read).as(moment).containsExactlyInAnyOrderElementsOf(expected);
    List<PublishReceipt> receipts = lab.receipts(PublishingChild.EVENTS);
    assertThat(receipts)
        .as(moment)
        .extracting(PublishReceipt::idempotencyKey)
        .containsExactlyInAnyOrderElementsOf(keys);
    assertThat(receipts).as(moment).extracting(PublishReceipt::sequence).isSorted();
    assertThat(lab.describe(PublishingChild.EVENTS).current().orElseThrow().sequence())
        .as("%s: one snapshot a publish", moment)
        .isEqualTo(keys.size());
    assertThat(mesh.doctor().problems()).as(moment).isEmpty();
  }
}
