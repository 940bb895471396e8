package io.meshwork.testkit;

import static io.meshwork.testkit.OrdersRollout.ORDERS;
import static io.meshwork.testkit.OrdersRollout.REVENUE;
import static io.meshwork.testkit.OrdersRollout.finance;
import static io.meshwork.testkit.OrdersRollout.read;
import static io.meshwork.testkit.OrdersRollout.rollout;
import static io.meshwork.testkit.OrdersRollout.shop;
import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.Mesh;
import io.meshwork.consume.Rows;
import io.meshwork.error.ConflictException;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.NotFoundException;
import io.meshwork.local.LocalMesh;
import io.meshwork.rollout.Rollout.State;
import io.meshwork.rollout.Rollout.Track;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two processes change one rollout in a folder at the same time. */
@Timeout(180)
class RolloutProcessesTest {
  private static final long SEED = 15;
  private static final int ROUNDS = 3;
  private static final int FEW_ROUNDS = 2;
  private static final int MOST_CALLS_BEFORE = 4;

  private static Worker owner;
  private static Worker other;

  @TempDir private Path folder;
  private final Random random = new Random(SEED);

  /** What a process does on request. */
  private enum Work {
    RETIRE(OrdersRollout::retire),
    ABORT(OrdersRollout::abort),
    BACK_FILL(OrdersRollout::backFill),
    READ_OLD(mesh -> read(finance(mesh), 1)),
    ANNOUNCE(OrdersRollout::announce),
    ANSWER(RolloutProcessesTest::answer),
    UNSUBSCRIBE(OrdersRollout::unsubscribe),
    TAKE(mesh -> OrdersRollout.take(OrdersRollout.revenue(mesh).commit(), new ArrayList<>())),
    SUBSCRIBE_TO_OLD(mesh -> OrdersRollout.subscribe(mesh, 1)),
    SUBSCRIBE_TO_NEW(mesh -> OrdersRollout.subscribe(mesh, 2)),
    PUBLISH(OrdersRollout::publishOld);

    private final Consumer<Mesh> run;

    Work(Consumer<Mesh> run) {
      this.run = run;
    }
  }

  private static void answer(Mesh mesh) {
    Track track = finance(mesh).rollout(ORDERS).track(REVENUE);
    track.counter(track.date().plusDays(20)).because("Year end").commit();
  }

  @BeforeAll
  static void start() throws IOException {
    owner = new Worker();
    other = new Worker();
  }

  @AfterAll
  static void stop() {
    owner.close();
    other.close();
  }

  /** Runs both at the same time in a new folder; each returns "done", or why it was refused. */
  private List<String> race(Path place, Work one, Work two) throws IOException {
    owner.send(place + "\t" + one + "\t" + random.nextInt(MOST_CALLS_BEFORE));
    other.send(place + "\t" + two + "\t" + random.nextInt(MOST_CALLS_BEFORE));
    assertThat(owner.receive()).isEqualTo("ready");
    assertThat(other.receive()).isEqualTo("ready");
    owner.send("go");
    other.send("go");
    return List.of(owner.receive(), other.receive());
  }

  private static void parallel(Mesh mesh) {
    OrdersRollout.start(mesh);
    OrdersRollout.backFill(mesh);
    OrdersRollout.activate(mesh);
  }

  private static void closing(Mesh mesh) {
    parallel(mesh);
    OrdersRollout.announce(mesh);
    OrdersRollout.close(mesh);
  }

  /** The subscription is on version 2, so that version 1 can be retired. */
  private static void moved(Mesh mesh) {
    closing(mesh);
    try (Rows<Map<String, Object>> rows = OrdersRollout.move(mesh, 2).rows()) {
      assertThat(rows.stream().count()).isEqualTo(3);
    }
    finance(mesh).rollout(ORDERS).track(REVENUE).moved().because("Done").commit();
  }

  @Test
  void aRetirementAndAFirstReadAreNotBothCommitted() throws IOException {
    for (int round = 0; round < ROUNDS; round++) {
      Path place = folder.resolve("retire-" + round);
      try (Mesh mesh = LocalMesh.builder(place).open()) {
        moved(mesh);

        List<String> ended = race(place, Work.RETIRE, Work.READ_OLD);

        assertThat(ended).as("seed %s", SEED).containsOnlyOnce("done");
        if (ended.get(0).equals("done")) {
          assertThat(ended.get(1)).startsWith("refused NotFoundException");
          assertThat(rollout(mesh).state()).isEqualTo(State.RETIRED);
        } else {
          assertThat(ended.get(0)).startsWith("refused ConflictException").contains("finance/@");
          assertThat(rollout(mesh).state()).isEqualTo(State.CLOSING);
          assertThat(read(finance(mesh), 1)).hasSize(3);
        }
        MeshAssertions.assertThat(mesh).isHealthy();
      }
    }
  }

  @Test
  void anAbortAndASubscriptionAreNotBothCommitted() throws IOException {
    for (int round = 0; round < ROUNDS; round++) {
      Path place = folder.resolve("abort-" + round);
      try (Mesh mesh = LocalMesh.builder(place).open()) {
        parallel(mesh);

        List<String> ended = race(place, Work.ABORT, Work.SUBSCRIBE_TO_NEW);

        assertThat(ended).as("seed %s", SEED).containsOnlyOnce("done");
        boolean aborted = ended.get(0).equals("done");
        assertThat(rollout(mesh).state()).isEqualTo(aborted ? State.ABORTED : State.PARALLEL);
        assertThat(shop(mesh).consumers(ORDERS))
            .filteredOn(consumer -> consumer.major() == 2)
            .hasSize(aborted ? 0 : 1);
        assertThat(read(finance(mesh), 1)).hasSize(3);
        MeshAssertions.assertThat(mesh).isHealthy();
      }
    }
  }

  @Test
  void aCutOverAndAPublishLeaveTheSameRowsInBothVersions() throws IOException {
    for (int round = 0; round < ROUNDS; round++) {
      Path place = folder.resolve("cut-over-" + round);
      try (Mesh mesh = LocalMesh.builder(place).open()) {
        OrdersRollout.start(mesh);

        List<String> ended = race(place, Work.BACK_FILL, Work.PUBLISH);

        assertThat(ended.get(0)).as("seed %s", SEED).isEqualTo("done");
        if (!ended.get(1).equals("done")) {
          assertThat(ended.get(1)).contains("Nothing was published. Run it again");
          OrdersRollout.publishOld(mesh);
        }
        assertThat(rollout(mesh).cutOver()).isPresent();
        assertThat(read(shop(mesh), 1)).containsExactly(0L, 1L, 2L, 10L, 11L);
        assertThat(read(shop(mesh), 2)).containsExactly(0L, 1L, 2L, 10L, 11L);
        MeshAssertions.assertThat(mesh).isHealthy();
      }
    }
  }

  /** Repeats what was refused because of the other process. */
  private static void repeat(Mesh mesh, String ended, Work work) {
    if (!ended.equals("done")) {
      assertThat(ended).startsWith("refused ConflictException");
      work.run.accept(mesh);
    }
  }

  @Test
  void anAnswerIsRefusedOrKeptBesideARetirement() throws IOException {
    for (int round = 0; round < FEW_ROUNDS; round++) {
      Path place = folder.resolve("answer-" + round);
      try (Mesh mesh = LocalMesh.builder(place).open()) {
        moved(mesh);

        List<String> ended = race(place, Work.RETIRE, Work.ANSWER);

        assertThat(ended).as("seed %s", SEED).contains("done");
        boolean retired = ended.get(0).equals("done");
        assertThat(rollout(mesh).state()).isEqualTo(retired ? State.RETIRED : State.CLOSING);
        if (ended.get(1).equals("done")) {
          assertThat(rollout(mesh).track(REVENUE).answer()).isEqualTo(Track.Answer.COUNTERED);
        } else {
          assertThat(ended.get(1)).startsWith("refused ConflictException");
        }
        assertThat(rollout(mesh).tracks()).allMatch(track -> track.released() || !retired);
        MeshAssertions.assertThat(mesh).isHealthy();
      }
    }
  }

  @Test
  void aRetirementWaitsForTheEndOfASubscription() throws IOException {
    for (int round = 0; round < FEW_ROUNDS; round++) {
      Path place = folder.resolve("unsubscribe-" + round);
      try (Mesh mesh = LocalMesh.builder(place).open()) {
        closing(mesh);

        List<String> ended = race(place, Work.RETIRE, Work.UNSUBSCRIBE);

        if (ended.get(0).equals("done")) {
          assertThat(ended.get(1)).as("seed %s", SEED).isEqualTo("done");
        } else {
          assertThat(rollout(mesh).state()).isEqualTo(State.CLOSING);
        }
        repeat(mesh, ended.get(1), Work.UNSUBSCRIBE);
        assertThat(shop(mesh).consumers(ORDERS)).noneMatch(each -> each.subscription().isPresent());
        repeat(mesh, ended.get(0), Work.RETIRE);
        assertThat(rollout(mesh).state()).isEqualTo(State.RETIRED);
        MeshAssertions.assertThat(mesh).isHealthy();
      }
    }
  }

  @Test
  void aBatchIsAcknowledgedOnceBesideARetirement() throws IOException {
    for (int round = 0; round < FEW_ROUNDS; round++) {
      Path place = folder.resolve("take-" + round);
      try (Mesh mesh = LocalMesh.builder(place).open()) {
        moved(mesh);
        OrdersRollout.publishOld(mesh);

        List<String> ended = race(place, Work.RETIRE, Work.TAKE);

        repeat(mesh, ended.get(0), Work.RETIRE);
        repeat(mesh, ended.get(1), Work.TAKE);
        assertThat(rollout(mesh).state()).as("seed %s", SEED).isEqualTo(State.RETIRED);
        List<Long> left = new ArrayList<>();
        assertThat(OrdersRollout.take(OrdersRollout.revenue(mesh).commit(), left)).isFalse();
        assertThat(read(shop(mesh), 2)).containsExactly(0L, 1L, 2L, 10L, 11L);
        MeshAssertions.assertThat(mesh).isHealthy();
      }
    }
  }

  @Test
  void aSubscriptionBesideAnAnnouncementIsOfferedADateOnce() throws IOException {
    for (int round = 0; round < FEW_ROUNDS; round++) {
      Path place = folder.resolve("announce-" + round);
      try (Mesh mesh = LocalMesh.builder(place).open()) {
        parallel(mesh);

        List<String> ended = race(place, Work.ANNOUNCE, Work.SUBSCRIBE_TO_OLD);

        repeat(mesh, ended.get(0), Work.ANNOUNCE);
        repeat(mesh, ended.get(1), Work.SUBSCRIBE_TO_OLD);
        assertThat(rollout(mesh).tracks())
            .as("seed %s: %s", SEED, ended)
            .extracting(Track::consumer)
            .containsExactlyInAnyOrder("finance/buyers", REVENUE);
        InterleavingsFixture.checkOffers(mesh, rollout(mesh));
        MeshAssertions.assertThat(mesh).isHealthy();
      }
    }
  }

  /** A process that works on request. */
  private static final class Worker implements AutoCloseable {
    private final Process process;
    private final BufferedReader output;
    private final Writer input;

    Worker() throws IOException {
      process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-Xmx192m",
                  "-XX:+UseSerialGC",
                  "-XX:TieredStopAtLevel=1",
                  "-cp",
                  System.getProperty("java.class.path"),
                  Child.class.getName())
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      output = process.inputReader(StandardCharsets.UTF_8);
      input = process.outputWriter(StandardCharsets.UTF_8);
    }

    void send(String line) throws IOException {
      input.write(line + "\n");
      input.flush();
    }

    String receive() throws IOException {
      return output.readLine();
    }

    @Override
    public void close() {
      process.destroyForcibly();
    }
  }

  /** Takes a folder, what to do, and a number of other calls before it, separated by tabs. */
  static final class Child {
    private Child() {}

    public static void main(String[] arguments) throws IOException {
      BufferedReader input =
          new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
      for (String line; (line = input.readLine()) != null; ) {
        String[] request = line.split("\t");
        try (Mesh mesh = LocalMesh.builder(Path.of(request[0])).open()) {
          System.out.println("ready");
          input.readLine();
          for (int call = Integer.parseInt(request[2]); call > 0; call--) {
            finance(mesh).describe(ORDERS);
          }
          System.out.println(run(mesh, Work.valueOf(request[1])));
        }
      }
    }

    private static String run(Mesh mesh, Work work) {
      try {
        work.run.accept(mesh);
        return "done";
      } catch (ConflictException | InvalidRequestException | NotFoundException refused) {
        return "refused "
            + refused.getClass().getSimpleName()
            + " "
            + refused.getMessage().replace('\n', ' ');
      } catch (RuntimeException failure) {
        return "failed " + failure;
      }
    }
  }
}
