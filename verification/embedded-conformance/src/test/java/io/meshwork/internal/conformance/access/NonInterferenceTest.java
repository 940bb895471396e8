package io.meshwork.internal.conformance.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.access.GrantOperation;
import io.meshwork.columnar.ColumnBatch;
import io.meshwork.consume.Batch;
import io.meshwork.consume.Read;
import io.meshwork.consume.Rows;
import io.meshwork.consume.Subscription;
import io.meshwork.contract.Contract;
import io.meshwork.error.MeshException;
import io.meshwork.internal.conformance.fixture.MeshFixture;
import io.meshwork.product.Principal;
import io.meshwork.product.Snapshot;
import io.meshwork.publish.Publish;
import io.meshwork.testkit.InMemoryMesh;
import io.meshwork.testkit.ManualClock;
import io.meshwork.testkit.Seeds;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Two products that differ only in data that is hidden from a reader are identical to it in all
 * reads, polls, questions, and errors.
 */
class NonInterferenceTest {
  private static final List<String> COLUMNS = List.of("id", "country", "amount", "card");
  private static final List<String> PRODUCTS = List.of("commerce/twin_a", "commerce/twin_b");
  private static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");

  /** IDs from this one on belong to hidden rows. */
  private static final int HIDDEN_FROM = 1_000;

  private static final Principal READER = Principal.of("finance", "etl");

  /** Filters that readers try. Some refer to hidden data, and some are not valid. */
  private static final List<String> FILTERS =
      List.of(
          "amount > 40",
          "amount IS NULL",
          "NOT amount BETWEEN 20 AND 60",
          "country = 'SE' OR card = 'c3'",
          "country <> 'SE' AND id > 10",
          "card LIKE 'c%'",
          "card IS NOT NULL",
          "id IN (1, 3, 5, 7, 9, 11, 13)",
          "amount = 30 OR amount IS NULL AND id < 20",
          "crd = 'x'",
          "amount = 'x'",
          "card =");

  record Fare(long id, String country, Optional<Integer> amount, String card) {
    Optional<Object> cell(String column) {
      return switch (column) {
        case "id" -> Optional.of(id);
        case "country" -> Optional.of(country);
        case "amount" -> amount.map(value -> (Object) value);
        default -> Optional.of(card);
      };
    }
  }

  record Two(long id, String card) {}

  record Maybe(Optional<Long> id, Optional<Integer> amount) {}

  private record Condition(String text, Predicate<Fare> holds) {}

  private static final List<Condition> CONDITIONS =
      List.of(
          new Condition("country = 'SE'", fare -> fare.country.equals("SE")),
          new Condition("country IN ('SE', 'NO')", fare -> !fare.country.equals("DK")),
          new Condition("amount >= 40", fare -> fare.amount.filter(is -> is >= 40).isPresent()),
          new Condition("amount IS NULL", fare -> fare.amount.isEmpty()),
          new Condition("card = 'c3' OR id < 9", fare -> fare.card.equals("c3") || fare.id < 9),
          new Condition("NOT amount < 30", fare -> fare.amount.filter(is -> is >= 30).isPresent()));

  /** The granted columns, and the condition of the granted rows. */
  private record GrantedScope(List<String> columns, @Nullable Condition rows) {
    boolean shows(Fare fare) {
      return rows == null || rows.holds.test(fare);
    }
  }

  private record World(List<GrantedScope> scopes) {
    static World random(Random random) {
      List<GrantedScope> scopes = new ArrayList<>();
      int count = 1 + random.nextInt(3);
      for (int i = 0; i < count; i++) {
        List<String> columns =
            random.nextInt(3) == 0
                ? COLUMNS
                : COLUMNS.stream().filter(column -> random.nextBoolean()).toList();
        scopes.add(
            new GrantedScope(
                columns.isEmpty() ? List.of("id") : columns,
                // A list of columns and all columns cannot be granted together, and a reader of
                // everything also sees the IDs of snapshots and files.
                count > 1 || columns.equals(COLUMNS) || random.nextInt(4) > 0
                    ? one(random, CONDITIONS)
                    : null));
      }
      return new World(scopes);
    }

    boolean seesEveryRow() {
      return scopes.stream().anyMatch(scope -> scope.rows == null);
    }

    boolean shows(Fare fare) {
      return scopes.stream().anyMatch(scope -> scope.shows(fare));
    }

    boolean shows(Fare fare, String column) {
      return scopes.stream().anyMatch(scope -> scope.columns.contains(column) && scope.shows(fare));
    }

    List<String> columns() {
      return COLUMNS.stream()
          .filter(column -> scopes.stream().anyMatch(scope -> scope.columns.contains(column)))
          .toList();
    }

    /** Returns the cells of a row that the reader sees; empty if there are none. */
    Optional<Map<String, Object>> seen(Fare fare) {
      if (!shows(fare)) {
        return Optional.empty();
      }
      Map<String, Object> cells = new LinkedHashMap<>();
      for (String column : columns()) {
        MeshFixture.put(cells, column, shows(fare, column) ? fare.cell(column).orElse(null) : null);
      }
      return Optional.of(cells);
    }
  }

  private static <T> T one(Random random, List<T> of) {
    return of.get(random.nextInt(of.size()));
  }

  private static Fare fare(Random random) {
    return new Fare(
        random.nextInt(30),
        one(random, List.of("SE", "NO", "DK")),
        random.nextInt(4) == 0 ? Optional.empty() : Optional.of(random.nextInt(10) * 10),
        "c" + random.nextInt(6));
  }

  /** Returns rows that are the same to the reader, with other hidden rows and hidden values. */
  private static List<Fare> twin(World world, List<Fare> fares, Random random) {
    List<Fare> twin = new ArrayList<>();
    for (Fare fare : fares) {
      Optional<Map<String, Object>> seen = world.seen(fare);
      Fare other = fare(random);
      for (int tries = 0; tries < 200 && !world.seen(other).equals(seen); tries++) {
        Fare from = fare(random);
        other =
            new Fare(
                random.nextBoolean() ? fare.id : from.id,
                random.nextBoolean() ? fare.country : from.country,
                random.nextBoolean() ? fare.amount : from.amount,
                random.nextBoolean() ? fare.card : from.card);
      }
      boolean same = world.seen(other).equals(seen);
      if (seen.isPresent()) {
        twin.add(same ? other : fare);
      } else {
        IntStream.range(0, random.nextInt(3)).forEach(i -> twin.add(fare));
        if (same) {
          twin.add(other);
        }
      }
    }
    return twin;
  }

  private static void grant(MeshClient shop, String product, World world) {
    for (GrantedScope scope : world.scopes) {
      GrantOperation.ByName grant = shop.grant(product).to(READER).because("test");
      if (scope.columns.size() < COLUMNS.size()) {
        grant.columns(scope.columns.toArray(String[]::new));
      }
      if (scope.rows != null) {
        grant.rows(scope.rows.text);
      }
      grant.commit();
    }
  }

  /** An observation by the reader. The result excludes the name of the product and random IDs. */
  private interface Observation {
    Object at(MeshClient finance, String product);

    default String observed(MeshClient finance, String product) {
      String observed;
      try {
        observed = String.valueOf(at(finance, product));
      } catch (MeshException refused) {
        Throwable cause = refused.getCause();
        observed = refused.errorCode() + " " + refused.getMessage() + " " + cause;
      }
      return observed.replace(product.replace("commerce/", ""), "PRODUCT");
    }
  }

  private static <T> List<T> rows(Read<T> read) {
    return MeshFixture.all(read);
  }

  private static Object batches(Read<GenericRecord> read) {
    List<Object> observed = new ArrayList<>();
    try (Rows<GenericRecord> rows = read.rows()) {
      observed.add(rows.columns());
      observed.add(rows.snapshot().map(snapshot -> snapshot.rows() + "@" + snapshot.sequence()));
      for (Iterator<ColumnBatch> batches = rows.batches(); batches.hasNext(); ) {
        ColumnBatch batch = batches.next();
        observed.add(batch.rows());
        for (String column : batch.columns()) {
          IntStream.range(0, batch.rows())
              .forEach(row -> observed.add(batch.valueAt(column, row) + ""));
        }
      }
    }
    return observed;
  }

  private static List<Observation> observations(Random random) {
    List<Observation> observations = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      String filter = one(random, FILTERS);
      long limit = random.nextInt(8);
      List<String> columns = COLUMNS.stream().filter(column -> random.nextInt(3) > 0).toList();
      observations.add((finance, product) -> rows(finance.read(product).where(filter)));
      observations.add((finance, product) -> rows(finance.read(product).asMaps().limit(limit)));
      observations.add(
          (finance, product) -> batches(finance.read(product).where(filter).limit(limit)));
      if (!columns.isEmpty()) {
        observations.add(
            (finance, product) ->
                rows(finance.read(product).columns(columns.toArray(String[]::new)).where(filter)));
      }
    }
    observations.add((finance, product) -> rows(finance.read(product).as(Fare.class)));
    observations.add((finance, product) -> rows(finance.read(product).as(Two.class)));
    observations.add((finance, product) -> rows(finance.read(product).as(Maybe.class)));
    observations.add((finance, product) -> batches(finance.read(product)));
    observations.add(
        (finance, product) ->
            finance.read(product).snapshots().stream()
                .map(each -> each.rows() + "@" + each.sequence())
                .toList());
    observations.add(
        (finance, product) -> finance.describe(product).current().map(each -> each.rows()));
    observations.add((finance, product) -> finance.describe(product).columns());
    observations.add((finance, product) -> finance.describe(product).access());
    observations.add((finance, product) -> finance.publishHistory(product).changes());
    observations.add((finance, product) -> finance.publishHistory(product).quality());
    observations.add((finance, product) -> finance.governance().domainQuality("commerce"));
    observations.add(
        (finance, product) ->
            finance.subscribe(product).name("s").asMaps().commit().freshness().lastUpdated());
    observations.add((finance, product) -> finance.publishHistory(product).receipts());
    observations.add((finance, product) -> finance.events(product).list());
    observations.add((finance, product) -> rows(finance.quarantine(product)));
    return observations;
  }

  /** Returns everything that the reader observes when it polls until there are no more batches. */
  private static Object polled(Subscription<Map<String, Object>> subscription) {
    List<Object> observed = new ArrayList<>();
    while (true) {
      try (Batch<Map<String, Object>> batch = subscription.poll()) {
        observed.add(batch.kind() + " " + batch.because() + batch.predicate() + batch.partitions());
        observed.add(batch.id().replaceAll("/[0-9a-f]{12}/", "/VIEW/"));
        batch.forEach(observed::add);
        if (batch.isEmpty()) {
          return observed;
        }
        observed.add(batch.snapshot().rows() + "@" + batch.snapshot().sequence());
        batch.ack();
      }
    }
  }

  /** Two products that are the same to the reader, and the operations on both. */
  private static final class Twins {
    final Random random;
    final World world;
    final MeshClient shop;
    final MeshClient finance;
    final List<Subscription<Map<String, Object>>> subscriptions = new ArrayList<>();

    /** The rows that the reader sees of each snapshot. */
    final List<List<Map<String, Object>>> states = new ArrayList<>();

    List<Map<String, Object>> expected = new ArrayList<>();

    Twins(Mesh mesh, Random random) {
      this.random = random;
      world = World.random(random);
      shop = mesh.clientAs(Principal.of("commerce", "etl"));
      finance = mesh.clientAs(READER);
      shop.registerDomain("commerce").owner("shop@example.org").commit();
      finance.registerDomain("finance").owner("finance@example.org").commit();
      for (String product : PRODUCTS) {
        shop.defineProduct(product).contract(Contract.of(Fare.class)).commit();
        grant(shop, product, world);
        subscriptions.add(finance.subscribe(product).name("s").purpose("test").asMaps().commit());
      }
    }

    private Publish<GenericRecord> publish(int twin) {
      return shop.publish(PRODUCTS.get(twin)).allowEmpty();
    }

    private void both(BiConsumer<Integer, Publish<GenericRecord>> how) {
      for (int twin = 0; twin < PRODUCTS.size(); twin++) {
        how.accept(twin, publish(twin));
      }
      states.add(List.copyOf(expected));
    }

    /** Returns new hidden rows; none if the reader sees every row. */
    private List<Fare> hidden() {
      List<Fare> hidden = new ArrayList<>();
      for (int tries = random.nextInt(12); tries > 0; tries--) {
        Fare fare = fare(random);
        Fare far = new Fare(fare.id + HIDDEN_FROM, fare.country, fare.amount, fare.card);
        if (!world.shows(far)) {
          hidden.add(far);
        }
      }
      return hidden;
    }

    void step() {
      switch (random.nextInt(8)) {
        case 0 -> both((twin, publish) -> publish.records(hidden()).commit());
        case 1 -> {
          String gone = "id >= " + HIDDEN_FROM;
          if (world.seesEveryRow()) {
            gone = "id < 0";
          }
          String filter = gone;
          both(
              (twin, publish) ->
                  shop.erase(PRODUCTS.get(twin)).where(filter).because("test").commit());
        }
        case 2 ->
            both(
                (twin, publish) ->
                    publish.records(hidden()).replaceWhere("id >= " + HIDDEN_FROM).commit());
        case 3 -> {
          if (!states.isEmpty()) {
            rollBack(random.nextInt(states.size()));
          }
        }
        case 4 -> poll();
        case 5 -> {
          expected = new ArrayList<>();
          add(true);
        }
        default -> add(false);
      }
    }

    private void add(boolean replacingAll) {
      List<Fare> fares = IntStream.range(0, random.nextInt(9)).mapToObj(i -> fare(random)).toList();
      fares.forEach(fare -> world.seen(fare).ifPresent(expected::add));
      List<Fare> twin = twin(world, fares, random);
      both(
          (which, publish) -> {
            Publish<Fare> rows = publish.records(which == 0 ? fares : twin);
            (replacingAll ? rows.replaceAll() : rows).commit();
          });
    }

    private void rollBack(int index) {
      expected = new ArrayList<>(states.get(index));
      boolean newest = index == states.size() - 1;
      for (String product : PRODUCTS) {
        List<Snapshot> snapshots = shop.read(product).snapshots();
        assertThat(snapshots).hasSize(states.size());
        shop.rollBack(product)
            .to(snapshots.get(snapshots.size() - 1 - index).id())
            .because("test")
            .restoreErased()
            .commit();
      }
      if (!newest) {
        states.add(List.copyOf(expected));
      }
    }

    void poll() {
      assertThat(Objects.toString(polled(subscriptions.get(1))).replace("twin_b", "twin_a"))
          .as("polls of %s", world)
          .isEqualTo(Objects.toString(polled(subscriptions.get(0))));
    }

    void observation(Observation observation) {
      assertThat(observation.observed(finance, PRODUCTS.get(1)))
          .as("%s", world)
          .isEqualTo(observation.observed(finance, PRODUCTS.get(0)));
    }
  }

  /**
   * Checks one world.
   *
   * @param most the number of random observations
   */
  private static void check(Random random, int most) {
    try (Mesh mesh = InMemoryMesh.builder().clock(ManualClock.at(NOON)).open()) {
      Twins twins = new Twins(mesh, random);
      int steps = 2 + random.nextInt(3);
      for (int step = 0; step < steps; step++) {
        twins.step();
      }
      assertThat(rows(twins.finance.read(PRODUCTS.get(0)).asMaps()))
          .as("what is granted, %s", twins.world)
          .containsExactlyInAnyOrderElementsOf(twins.expected);
      twins.poll();
      List<Observation> observations = observations(random);
      Collections.shuffle(observations, random);
      observations.stream().limit(most).forEach(twins::observation);
    }
  }

  @Test
  void hiddenDataDoesNotInfluenceVisibleData() {
    Seeds.forEach(200, random -> check(random, 3));
  }

  @Tag("nightly")
  @Test
  void hiddenDataDoesNotInfluenceVisibleDataInManyMeshes() {
    Seeds.forEach(
        Integer.getInteger("mesh.interference.seeds", 5_000),
        random -> check(random, Integer.MAX_VALUE));
  }
}
