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
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two processes change one rollout in a folder at the same time. */
@Timeout(180)
class RolloutProcessesTest {
  private static final long SEED = 15;
  private static final int ROUNDS = 3;
  private static final int MOST_CALLS_BEFORE = 4;

  @TempDir private Path folder;
  private final Random random = new Random(SEED);
  private Worker owner;
  private Worker other;

  /** What a process does on request. */
  private enum Work {
    RETIRE(OrdersRollout::retire),
    ABORT(OrdersRollout::abort),
    BACK_FILL(OrdersRollout::backFill),
    READ_OLD(mesh -> read(finance(mesh), 1)),
    SUBSCRIBE_TO_NEW(mesh -> OrdersRollout.subscribe(mesh, 2)),
    PUBLISH(OrdersRollout::publishOld);

    private final Consumer<Mesh> run;

    Work(Consumer<Mesh> run) {
      this.run = run;
    }
  }

  @BeforeEach
  void start() throws IOException {
    owner = new Worker();
    other = new Worker();
  }

  @AfterEach
  void stop() {
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

  @Test
  void aRetirementAndAFirstReadAreNotBothCommitted() throws IOException {
    for (int round = 0; round < ROUNDS; round++) {
      Path place = folder.resolve("retire-" + round);
      try (Mesh mesh = LocalMesh.in(place).open()) {
        OrdersRollout.start(mesh);
        OrdersRollout.backFill(mesh);
        OrdersRollout.activate(mesh);
        OrdersRollout.announce(mesh);
        OrdersRollout.close(mesh);
        try (Rows<Map<String, Object>> rows = OrdersRollout.move(mesh, 2).read()) {
          assertThat(rows.stream().count()).isEqualTo(3);
        }
        finance(mesh).rollout(ORDERS).track(REVENUE).moved("Done").commit();

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
      try (Mesh mesh = LocalMesh.in(place).open()) {
        OrdersRollout.start(mesh);
        OrdersRollout.backFill(mesh);
        OrdersRollout.activate(mesh);

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
      try (Mesh mesh = LocalMesh.in(place).open()) {
        OrdersRollout.start(mesh);

        List<String> ended = race(place, Work.BACK_FILL, Work.PUBLISH);

        assertThat(ended.get(0)).as("seed %s", SEED).isEqualTo("done");
        if (!ended.get(1).equals("done")) {
          assertThat(ended.get(1))
              .contains("Nothing was published. Run it again with the same key");
          OrdersRollout.publishOld(mesh);
        }
        assertThat(rollout(mesh).cutOver()).isPresent();
        assertThat(read(shop(mesh), 1)).containsExactly(0L, 1L, 2L, 10L, 11L);
        assertThat(read(shop(mesh), 2)).containsExactly(0L, 1L, 2L, 10L, 11L);
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
        try (Mesh mesh = LocalMesh.in(Path.of(request[0])).open()) {
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
