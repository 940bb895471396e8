package io.meshwork.testkit;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.consume.Rows;
import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.contract.Rule;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import io.meshwork.publish.PublishReceipt;
import io.meshwork.rollout.MajorRollout;
import io.meshwork.rollout.Rollout;
import io.meshwork.rollout.Rollout.State;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.LongStream;

/**
 * A program that rolls out a new major version, publishes to both, and aborts the rollout, again
 * and again. {@link #main} is killed. It finds the next step in the mesh, and each publish has an
 * idempotency key, so that its rows after each step are known.
 */
final class KilledRollout {
  static final String SALES = "lab/sales";
  static final String BEGIN = "begin ";
  static final String DONE = "done ";

  /** The publishes before the first rollout, each of which adds a file to copy. */
  private static final int BEFORE = 6;

  private static final int ROWS = 12;
  private static final long IN_ROLLOUT = 1000;
  private static final long IN_PUBLISH = 100;

  private final Mesh mesh;

  KilledRollout(Mesh mesh) {
    this.mesh = mesh;
  }

  /** A row of the first major version. */
  record Sale(long id, String shop, double amount) {}

  /** A row of later major versions, whose shop has another name. */
  static final class Next {
    private Next() {}

    record Sale(long id, String branch, double amount) {}
  }

  /** The steps, in order. */
  enum Step {
    START,
    BACK_FILL,
    ACTIVATE,
    APPEND,
    APPEND_WITH_BAD_ROW,
    ERASE,
    ABORT,
    PURGE;

    boolean isPublish() {
      return this == APPEND || this == APPEND_WITH_BAD_ROW || this == ERASE;
    }

    String key(int rollout) {
      return this + "-" + rollout;
    }
  }

  /** Publishes the rows before the first rollout. */
  static void define(Mesh mesh) {
    MeshClient lab = lab(mesh);
    lab.registerDomain("lab").owner("lab@example.org").commit();
    lab.defineProduct(SALES).contract(contract(Sale.class)).commit();
    for (int publish = 0; publish < BEFORE; publish++) {
      lab.publish(SALES).records(rows(firstId(0, publish))).commit();
    }
  }

  private static Contract contract(Class<?> rows) {
    return Contract.of(rows)
        .require(Rule.atLeast("amount", 0))
        .onViolation(OnViolation.QUARANTINE)
        .maxQuarantineShare(50);
  }

  static MeshClient lab(Mesh mesh) {
    return mesh.clientAs(Principal.of("lab", "etl"));
  }

  private static long firstId(int rollout, int publish) {
    return rollout * IN_ROLLOUT + publish * IN_PUBLISH;
  }

  private static List<Sale> rows(long first) {
    return LongStream.range(first, first + ROWS)
        .mapToObj(id -> new Sale(id, id % 2 == 0 ? "a" : "b", id))
        .toList();
  }

  private static List<Sale> withBadRow(long first) {
    List<Sale> rows = new ArrayList<>(rows(first));
    rows.add(new Sale(first + ROWS, "a", -1));
    return rows;
  }

  /** Returns the last rollout; empty before the first. */
  static Optional<MajorRollout> rollout(Mesh mesh) {
    return lab(mesh).rollouts().stream()
        .map(MajorRollout.class::cast)
        .max(Comparator.comparing(Rollout::number));
  }

  /** Returns the step that comes next, or that was interrupted. */
  Step next() {
    Optional<MajorRollout> last = rollout(mesh);
    if (last.isEmpty()) {
      return Step.START;
    }
    MajorRollout rollout = last.get();
    if (rollout.state() == State.ABORTED) {
      return rollout.purgedAt().isEmpty() ? Step.PURGE : Step.START;
    } else if (rollout.cutOver().isEmpty()) {
      return Step.BACK_FILL;
    } else if (rollout.state() == State.PLANNED) {
      return Step.ACTIVATE;
    }
    for (Step step : Step.values()) {
      if (step.isPublish() && receipt(mesh, step, rollout.number()).isEmpty()) {
        return step;
      }
    }
    return Step.ABORT;
  }

  private static Optional<PublishReceipt> receipt(Mesh mesh, Step step, int rollout) {
    return lab(mesh).publishHistory(SALES).findReceipt(step.key(rollout));
  }

  /** Takes a step, and returns the number of its rollout. */
  int take(Step step) {
    MeshClient lab = lab(mesh);
    if (step == Step.START) {
      return lab.startRollout(SALES)
          .contract(contract(Next.Sale.class))
          .renameColumn("shop", "branch")
          .because("Branches")
          .commit()
          .number();
    }
    MajorRollout rollout = rollout(mesh).orElseThrow();
    int number = rollout.number();
    String key = step.key(number);
    switch (step) {
      case BACK_FILL -> rollout.backFill().commit();
      case ACTIVATE -> rollout.activate().commit();
      case APPEND ->
          lab.publish(SALES).records(rows(firstId(number, 0))).idempotencyKey(key).commit();
      case APPEND_WITH_BAD_ROW ->
          lab.publish(SALES).records(withBadRow(firstId(number, 1))).idempotencyKey(key).commit();
      case ERASE ->
          lab.erase(SALES).where(appended(number)).because("asked to").idempotencyKey(key).commit();
      case ABORT -> rollout.abort().because("No branches").commit();
      case PURGE -> rollout.purge().because("Copies").commit();
      default -> throw new IllegalArgumentException(step.toString());
    }
    return number;
  }

  private static String appended(int rollout) {
    return "id >= " + firstId(rollout, 0) + " and id < " + firstId(rollout, 1);
  }

  /** Returns the IDs of the rows that the receipts prove. */
  static Set<Long> expected(Mesh mesh) {
    Set<Long> expected = new TreeSet<>();
    for (int publish = 0; publish < BEFORE; publish++) {
      add(firstId(0, publish), expected);
    }
    int last = rollout(mesh).map(Rollout::number).orElse(0);
    for (int number = 1; number <= last; number++) {
      boolean appended = receipt(mesh, Step.APPEND, number).isPresent();
      if (appended && receipt(mesh, Step.ERASE, number).isEmpty()) {
        add(firstId(number, 0), expected);
      }
      if (receipt(mesh, Step.APPEND_WITH_BAD_ROW, number).isPresent()) {
        add(firstId(number, 1), expected);
      }
    }
    return expected;
  }

  private static void add(long first, Set<Long> ids) {
    rows(first).forEach(row -> ids.add(row.id()));
  }

  /** Returns the IDs of the rows of a major version, after checking that each is there once. */
  static Set<Long> ids(Mesh mesh, int major) {
    Set<Long> ids = new TreeSet<>();
    try (Rows<Key> rows = lab(mesh).read(SALES).majorVersion(major).as(Key.class).rows()) {
      rows.forEach(
          row -> {
            if (!ids.add(row.id())) {
              throw new AssertionError(row + " is in major version " + major + " twice");
            }
          });
    }
    return ids;
  }

  /** The column that all major versions have. */
  record Key(long id) {}

  /**
   * Takes the folder, and the number of steps, by default more than a child lives for. Prints each
   * call of a port, at which it may be killed.
   */
  public static void main(String[] arguments) {
    Faults talking = Faults.seeded(1);
    talking.onAny().meanwhile(() -> System.out.println("."));
    try (Mesh mesh =
        LocalMesh.builder(Path.of(arguments[0]))
            .testing()
            .wrapRegistry(talking::registry)
            .testing()
            .wrapFiles(talking::files)
            .open()) {
      KilledRollout child = new KilledRollout(mesh);
      int steps = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 100;
      for (int taken = 0; taken < steps; taken++) {
        Step step = child.next();
        System.out.println(BEGIN + step);
        int number = child.take(step);
        System.out.println(DONE + step.key(number));
      }
    }
  }
}
