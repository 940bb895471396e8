package io.meshwork.testkit;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.consume.Batch;
import io.meshwork.consume.Rows;
import io.meshwork.consume.Subscription;
import io.meshwork.contract.Contract;
import io.meshwork.contract.Partition;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import io.meshwork.publish.PublishReceipt;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A program that appends, replaces, erases, copies what it polls, and maintains, in a folder that
 * other processes use too, and prints what it has finished. {@link #main} is killed. Its operations
 * are numbered and have idempotency keys, so that its rows after each operation are known.
 */
final class KilledChild {
  static final String EVENTS = "lab/events";
  static final String STATES = "lab/states";
  static final String COPIES = "lab/copies";
  static final int ROWS = 12;
  static final String DONE = "done ";

  /** The number of operations in a round. */
  static final int ROUND = 6;

  /** The kinds of operations that copy what was polled, and maintain. */
  static final int COPY = 4;

  static final int MAINTENANCE = 5;

  private final Mesh mesh;
  private final String name;

  KilledChild(Mesh mesh, String name) {
    this.mesh = mesh;
    this.name = name;
  }

  /** A row, with its child and operation. */
  record Event(String child, int operation, int number) {}

  /** Defines the products of the children. */
  static void define(Mesh mesh) {
    MeshClient lab = lab(mesh);
    lab.registerDomain("lab").owner("lab@example.org").commit();
    lab.defineProduct(EVENTS).contract(Contract.of(Event.class)).commit();
    lab.defineProduct(COPIES).contract(Contract.of(Event.class)).commit();
    lab.defineProduct(STATES)
        .contract(Contract.of(Event.class))
        .partitionBy(Partition.by("child"))
        .commit();
  }

  static MeshClient lab(Mesh mesh) {
    return mesh.clientAs(Principal.of("lab", "etl"));
  }

  /**
   * Appends twice, then replaces its state, then erases the first of the two, then copies its
   * events, then maintains the mesh.
   *
   * @return true if the operation was committed before
   */
  boolean operate(int operation) {
    String key = name + "-" + operation;
    return switch (kind(operation)) {
      case 0, 1 ->
          lab(mesh)
              .publish(EVENTS)
              .records(rows(operation))
              .idempotencyKey(key)
              .commit()
              .replayed();
      case 2 ->
          lab(mesh)
              .publish(STATES)
              .records(rows(operation))
              .replacePartitions()
              .idempotencyKey(key)
              .commit()
              .replayed();
      case 3 ->
          lab(mesh)
              .erase(EVENTS)
              .where("child = '" + name + "' and operation = " + (operation - 3))
              .because("asked to")
              .idempotencyKey(key)
              .commit()
              .replayed();
      case COPY -> copy();
      default -> {
        mesh.maintain().compactAtLeast(2).commit();
        yield false;
      }
    };
  }

  /** Returns the kind of an operation: its index in its round. */
  static int kind(int operation) {
    return operation % ROUND;
  }

  /** Returns true if the operation publishes with a key of the child. */
  static boolean hasKey(int operation) {
    return kind(operation) < COPY;
  }

  /** Publishes each batch of the child's events with the batch's ID, then acknowledges it. */
  private boolean copy() {
    Subscription<Event> events =
        lab(mesh)
            .subscribe(EVENTS)
            .name(name)
            .purpose("A copy")
            .where("child = '" + name + "'")
            .as(Event.class)
            .commit();
    boolean there = true;
    while (true) {
      try (Batch<Event> next = events.poll()) {
        if (next.isEmpty()) {
          return there;
        }
        PublishReceipt receipt =
            switch (next.kind()) {
              case ADDED ->
                  lab(mesh).publish(COPIES).records(next).idempotencyKey(next.id()).commit();
              case ERASED ->
                  lab(mesh)
                      .erase(COPIES)
                      .where(next.predicate().orElseThrow())
                      .because("it was asked to")
                      .idempotencyKey(next.id())
                      .commit();
              default -> throw new AssertionError("unexpected batch " + next.kind());
            };
        there = there && (receipt.replayed() || receipt.rowsAccepted() == 0);
        next.ack();
      }
    }
  }

  private List<Event> rows(int operation) {
    List<Event> rows = new ArrayList<>();
    for (int i = 0; i < ROWS; i++) {
      rows.add(new Event(name, operation, i));
    }
    return rows;
  }

  /** Returns the expected rows, by product, after this many operations of one child. */
  static Set<String> expectedAfter(int operations) {
    Set<String> expected = new TreeSet<>();
    for (int operation = 0; operation < operations; operation++) {
      switch (kind(operation)) {
        case 0, 1 -> expected.add(EVENTS + " " + operation);
        case 2 -> {
          expected.removeIf(one -> one.startsWith(STATES));
          expected.add(STATES + " " + operation);
        }
        case 3 -> expected.remove(EVENTS + " " + (operation - 3));
        case COPY -> expected.add(COPIES + " " + (operation - 3));
        default -> {} // maintenance changes no row
      }
    }
    return expected;
  }

  /** Returns the operations of a child whose rows exist, after checking that they are complete. */
  static Set<String> seen(Mesh mesh, String child) {
    Set<String> seen = new TreeSet<>();
    for (String product : List.of(EVENTS, STATES, COPIES)) {
      TreeMap<Integer, Integer> rowsByOperation = new TreeMap<>();
      try (Rows<Event> rows = lab(mesh).read(product).as(Event.class).rows()) {
        rows.forEach(
            row -> {
              if (row.child().equals(child)) {
                rowsByOperation.merge(row.operation(), 1, Integer::sum);
              }
            });
      }
      rowsByOperation.forEach(
          (operation, rows) -> {
            if (rows != ROWS) {
              throw new AssertionError(
                  child + "-" + operation + " has " + rows + " rows in " + product);
            }
            seen.add(product + " " + operation);
          });
    }
    return seen;
  }

  /**
   * Takes folder, name, number of the first operation, and how many there are, by default more than
   * a child lives for. Prints each call of a port, at which it may be killed.
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
      KilledChild child = new KilledChild(mesh, arguments[1]);
      int first = Integer.parseInt(arguments[2]);
      int count = arguments.length > 3 ? Integer.parseInt(arguments[3]) : 100;
      for (int operation = first; operation < first + count; operation++) {
        child.operate(operation);
        System.out.println(DONE + operation);
      }
    }
  }
}
