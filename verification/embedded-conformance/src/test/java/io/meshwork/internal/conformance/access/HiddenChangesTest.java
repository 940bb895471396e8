package io.meshwork.internal.conformance.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.access.GrantOperation;
import io.meshwork.consume.Batch;
import io.meshwork.consume.Read;
import io.meshwork.consume.Rows;
import io.meshwork.consume.Subscription;
import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.contract.Partition;
import io.meshwork.contract.Rule;
import io.meshwork.error.MeshException;
import io.meshwork.internal.conformance.fixture.MeshFixture;
import io.meshwork.notice.Notice;
import io.meshwork.notice.Notice.Kind;
import io.meshwork.product.Principal;
import io.meshwork.product.Snapshot;
import io.meshwork.publish.Erase;
import io.meshwork.publish.Publish;
import io.meshwork.testkit.InMemoryMesh;
import io.meshwork.testkit.ManualClock;
import io.meshwork.testkit.RecordingNotifier;
import io.meshwork.testkit.Seeds;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Runs the same operations in two meshes whose products differ only in rows, columns, and cells
 * that are hidden from a reader. All reads, polls, lists, and errors of the reader are identical in
 * both.
 */
class HiddenChangesTest {
  private static final String TRIPS = "commerce/trips";
  private static final Principal READER = Principal.of("finance", "etl");
  private static final List<String> COUNTRIES = List.of("SE", "NO", "DK");
  private static final List<String> COLUMNS = List.of("id", "country", "amount", "card", "place");

  record Place(String city, Optional<Integer> zone) {}

  record Trip(long id, String country, Optional<Integer> amount, String card, Place place) {}

  /** The granted columns, and the condition of the granted rows. */
  private record GrantedScope(List<String> columns, String text, Predicate<Trip> shows) {}

  private record World(List<GrantedScope> scopes, boolean partitioned) {
    static World random(Random random) {
      List<GrantedScope> scopes = new ArrayList<>();
      for (int i = 1 + random.nextInt(2); i > 0; i--) {
        List<String> columns = COLUMNS.stream().filter(column -> random.nextInt(3) > 0).toList();
        scopes.add(
            switch (random.nextInt(4)) {
              case 0 ->
                  new GrantedScope(columns, "country = 'SE'", trip -> trip.country.equals("SE"));
              case 1 ->
                  new GrantedScope(columns, "country <> 'DK'", trip -> !trip.country.equals("DK"));
              case 2 ->
                  new GrantedScope(
                      columns,
                      "amount >= 40",
                      trip -> trip.amount.filter(is -> is >= 40).isPresent());
              default ->
                  new GrantedScope(
                      columns, "place.city = 'Oslo'", trip -> trip.place.city.equals("Oslo"));
            });
      }
      scopes.replaceAll(
          scope ->
              scope.columns.isEmpty()
                  ? new GrantedScope(List.of("card"), scope.text, scope.shows)
                  : scope);
      return new World(scopes, random.nextBoolean());
    }

    boolean shows(Trip trip) {
      return scopes.stream().anyMatch(scope -> scope.shows.test(trip));
    }

    /** Returns the cells of a row that the reader sees; null for hidden cells. */
    List<@Nullable Object> seen(Trip trip) {
      List<@Nullable Object> cells = new ArrayList<>();
      for (String column : COLUMNS) {
        boolean shown =
            scopes.stream()
                .anyMatch(scope -> scope.columns.contains(column) && scope.shows.test(trip));
        cells.add(
            !shown
                ? null
                : switch (column) {
                  case "id" -> trip.id;
                  case "country" -> trip.country;
                  case "amount" -> trip.amount;
                  case "card" -> trip.card;
                  default -> trip.place;
                });
      }
      return cells;
    }
  }

  private static <T> T one(Random random, List<T> of) {
    return of.get(random.nextInt(of.size()));
  }

  private static Trip trip(Random random) {
    return new Trip(
        random.nextInt(40),
        one(random, COUNTRIES),
        random.nextInt(4) == 0 ? Optional.empty() : Optional.of(random.nextInt(9) * 10),
        "c" + random.nextInt(6),
        new Place(
            one(random, List.of("Oslo", "Bergen", "Lund")),
            random.nextBoolean() ? Optional.empty() : Optional.of(random.nextInt(3))));
  }

  /**
   * Returns rows that are the same to the reader, with other hidden rows in the same partitions,
   * and other values in hidden cells.
   */
  private static List<Trip> twin(World world, List<Trip> trips, Random random) {
    List<Trip> twin = new ArrayList<>();
    for (Trip trip : trips) {
      boolean shown = world.shows(trip);
      Trip other = trip;
      for (int tries = 0; tries < 100; tries++) {
        Trip from = trip(random);
        Trip mixed =
            new Trip(
                shown ? trip.id : from.id,
                trip.country,
                random.nextBoolean() ? trip.amount : from.amount,
                from.card,
                from.place);
        if (shown
            ? world.seen(mixed).equals(world.seen(trip)) && world.shows(mixed)
            : !world.shows(mixed)) {
          other = mixed;
          break;
        }
      }
      twin.add(other);
      if (!shown && random.nextBoolean()) {
        twin.add(other);
      }
    }
    return twin;
  }

  /** One of the two meshes, and everything that its reader observed. */
  private static final class Side implements AutoCloseable {
    final ManualClock clock = ManualClock.at(Instant.parse("2026-11-20T08:00:00Z"));
    final RecordingNotifier notices = new RecordingNotifier();
    final Mesh mesh =
        InMemoryMesh.builder().clock(clock).testing().idSeed(1).notifier("test", notices).open();
    final MeshClient shop = mesh.clientAs(Principal.of("commerce", "etl"));
    final MeshClient finance = mesh.clientAs(READER);
    final List<String> observed = new ArrayList<>();
    final Subscription<Map<String, Object>> subscription;

    Side(World world) {
      shop.registerDomain("commerce").owner("shop@example.org").commit();
      finance.registerDomain("finance").owner("finance@example.org").commit();
      var define =
          shop.defineProduct(TRIPS)
              .contract(
                  Contract.of(Trip.class)
                      .require(Rule.notInSet("amount", 90))
                      .onViolation(OnViolation.QUARANTINE)
                      .maxQuarantineShare(100));
      if (world.partitioned) {
        define.partitionBy(Partition.identity("country"));
      }
      define.commit();
      for (GrantedScope scope : world.scopes) {
        GrantOperation.ByName grant = shop.grant(TRIPS).rows(scope.text).to(READER).because("test");
        if (scope.columns.size() < COLUMNS.size()) {
          grant.columns(scope.columns.toArray(String[]::new));
        }
        grant.commit();
      }
      finance.defineProduct("finance/made").contract(Contract.of(Place.class)).commit();
      subscription = finance.subscribe(TRIPS).name("s").purpose("test").asMaps().commit();
    }

    Publish<GenericRecord> publish() {
      clock.advance(Duration.ofMinutes(1));
      return shop.publish(TRIPS);
    }

    Erase erase() {
      clock.advance(Duration.ofMinutes(1));
      return shop.erase(TRIPS);
    }

    /** Records what the reader observes of an action. */
    void look(String what, Function<MeshClient, @Nullable Object> look) {
      String came;
      try {
        came = String.valueOf(look.apply(finance));
      } catch (MeshException refused) {
        came = refused.errorCode() + " " + refused.getMessage() + " " + refused.getCause();
      }
      observed.add(what + ": " + came);
    }

    void poll() {
      try (Batch<Map<String, Object>> batch = subscription.poll()) {
        List<Object> rows = new ArrayList<>();
        batch.forEach(rows::add);
        observed.add(
            Stream.of(
                    batch.id().replaceAll("/[0-9a-f]{12}/", "/VIEW/"),
                    batch.isEmpty(),
                    batch.kind(),
                    batch.because(),
                    batch.predicate(),
                    batch.partitions(),
                    batch.columns(),
                    withoutId(batch.snapshot()),
                    rows)
                .toList()
                .toString());
        batch.ack();
      } catch (MeshException refused) {
        observed.add(refused.errorCode() + " " + refused.getMessage());
      }
    }

    void beNotified() {
      mesh.deliverNotices();
      for (Notice notice : notices.all()) {
        if (notice.facts().containsKey("subscription") && notice.kind() != Kind.SUBSCRIBED) {
          Map<String, String> facts = new TreeMap<>(notice.facts());
          facts.put("publishId", "ID");
          observed.add(notice.id() + " " + notice.subject() + " " + notice.text() + " " + facts);
        }
      }
      notices.clear();
    }

    void lookAround(Random random) {
      beNotified();
      look("rows", it -> rows(it.read(TRIPS).asMaps()));
      look("types", it -> rows(it.read(TRIPS).as(Trip.class)));
      look("places", it -> rows(it.read(TRIPS).columns("place").asMaps()));
      for (String filter :
          List.of(
              "place.city = 'Oslo'",
              "place.zone IS NULL",
              "card = 'c3'",
              "amount < 50 OR amount IS NULL",
              "country IN ('DK')",
              "place = 1",
              "place.town = 'x'")) {
        look(filter, it -> rows(it.read(TRIPS).where(filter).asMaps()));
      }
      long limit = random.nextInt(9);
      look("limit", it -> rows(it.read(TRIPS).limit(limit).asMaps()));
      look("files", it -> it.read(TRIPS).files());
      look("snapshots", it -> it.read(TRIPS).snapshots().stream().map(Side::withoutId).toList());
      look("as of", it -> rows(it.read(TRIPS).asOf(clock.instant().minusSeconds(150)).asMaps()));
      look("card", Side::card);
      look("products", MeshClient::products);
      look("history", it -> it.publishHistory(TRIPS).changes());
      look("quality", it -> it.publishHistory(TRIPS).quality());
      look("of domain", it -> it.governance().domainQuality("commerce"));
      look("receipts", it -> it.publishHistory(TRIPS).receipts());
      look("events", it -> it.events(TRIPS).list());
      look("events of domain", it -> it.events("commerce").list());
      look("quarantine", it -> rows(it.quarantine(TRIPS)));
      look("access", it -> it.access().explain(READER, TRIPS));
      look("grants", it -> it.access().grants());
      look("readers", it -> it.access().whoCanRead(TRIPS));
      look("roll back", it -> it.rollBack(TRIPS).to("1").because("no").commit());
      look("publish", it -> it.erase(TRIPS).where("id > 3").because("no").commit());
      look("lineage", Side::lineage);
      look("freshness", it -> subscription.freshness());
      look("position", it -> subscription.position().toString().replaceAll("[0-9]{12,}", "ID"));
    }

    /** Derives a product from the rows that the reader sees, and records its lineage. */
    private static Object lineage(MeshClient finance) {
      try (Rows<Map<String, Object>> rows = finance.read(TRIPS).asMaps().rows()) {
        Optional<Snapshot> input = rows.snapshot();
        if (input.isEmpty()) {
          return "nothing yet";
        }
        finance
            .publish("finance/made")
            .records(List.of(new Place("x", Optional.empty())))
            .derivedFrom(input.get(), "city=place.city")
            .commit();
      }
      return finance.publishHistory("finance/made").changes().stream()
          .map(entry -> entry.derivedFrom() + " " + entry.rowsTotal())
          .toList()
          .toString()
          .replaceAll("[0-9]{12,}", "ID");
    }

    private static Object card(MeshClient finance) {
      var card = finance.describe(TRIPS);
      return Stream.of(
              card.current().map(Side::withoutId), card.columns(), card.quality(), card.access())
          .toList();
    }

    private static Object withoutId(Snapshot snapshot) {
      return snapshot.sequence() + " " + snapshot.committedAt() + " " + snapshot.rows();
    }

    private static <T> List<T> rows(Read<T> read) {
      return MeshFixture.all(read);
    }

    @Override
    public void close() {
      mesh.close();
    }
  }

  /** Runs one step in both meshes, with rows that are the same to the reader. */
  private static void step(Random random, World world, Side one, Side other) {
    List<Trip> trips = Stream.generate(() -> trip(random)).limit(3 + random.nextInt(9)).toList();
    String country = one(random, COUNTRIES);
    switch (random.nextInt(world.partitioned ? 7 : 6)) {
      case 0 -> both(world, one, other, random, trips, it -> it.replaceAll());
      case 1 -> {
        List<Trip> some = trips.stream().filter(trip -> trip.country.equals(country)).toList();
        both(
            world,
            one,
            other,
            random,
            some,
            it -> it.replaceWhere("country = '" + country + "'").allowEmpty());
      }
      case 2 -> {
        one.erase().where("country = '" + country + "'").because("test").commit();
        other.erase().where("country = '" + country + "'").because("test").commit();
      }
      case 6 -> both(world, one, other, random, trips, it -> it.replacePartitions());
      default -> both(world, one, other, random, trips, it -> it);
    }
  }

  private static void both(
      World world,
      Side one,
      Side other,
      Random random,
      List<Trip> trips,
      Function<Publish<GenericRecord>, Publish<GenericRecord>> how) {
    how.apply(one.publish()).records(withBad(trips, random)).commit();
    how.apply(other.publish()).records(withBad(twin(world, trips, random), random)).commit();
  }

  /** Adds rows that a rule quarantines, which are hidden from every reader. */
  private static List<Trip> withBad(List<Trip> trips, Random random) {
    List<Trip> all = new ArrayList<>(trips);
    for (int i = trips.isEmpty() ? 0 : random.nextInt(3); i > 0; i--) {
      Trip trip = trip(random);
      all.add(
          random.nextInt(all.size() + 1),
          new Trip(trip.id, trips.get(0).country, Optional.of(90), trip.card, trip.place));
    }
    return all;
  }

  private static void check(Random random) {
    World world = World.random(random);
    try (Side one = new Side(world);
        Side other = new Side(world)) {
      long looks = random.nextLong();
      for (int i = 0; i < 4; i++) {
        step(random, world, one, other);
        if (random.nextBoolean()) {
          one.poll();
          other.poll();
        }
      }
      for (int i = 0; i < 5; i++) {
        one.poll();
        other.poll();
      }
      one.lookAround(new Random(looks));
      other.lookAround(new Random(looks));
      assertThat(other.observed).as("%s", world.scopes).isEqualTo(one.observed);
    }
  }

  private static final World SWEDEN =
      new World(
          List.of(new GrantedScope(COLUMNS, "country = 'SE'", trip -> trip.country.equals("SE"))),
          true);

  private static Trip in(String country) {
    return new Trip(1, country, Optional.empty(), "c1", new Place("Oslo", Optional.empty()));
  }

  /**
   * Publishes a visible row to both meshes, and then a hidden row to one and no row to the other.
   */
  private static void assertSame(Function<Publish<GenericRecord>, Publish<GenericRecord>> how) {
    try (Side one = new Side(SWEDEN);
        Side other = new Side(SWEDEN)) {
      one.publish().records(List.of(in("SE"), in("DK"))).commit();
      other.publish().records(List.of(in("SE"))).commit();
      one.poll();
      other.poll();
      how.apply(one.publish()).records(List.of(in("DK"))).commit();
      how.apply(other.publish()).records(List.of()).commit();
      for (int i = 0; i < 3; i++) {
        one.poll();
        other.poll();
      }
      one.lookAround(new Random(1));
      other.lookAround(new Random(1));
      assertThat(other.observed).isEqualTo(one.observed);
    }
  }

  @Test
  void addingHiddenRowsLooksLikeAddingNoRows() {
    Instant time = Instant.parse("2026-11-20T00:00:00Z");

    assertSame(it -> it);
    assertSame(it -> it.allowEmpty().replacePartitions());
    assertSame(it -> it.completeUpTo(time));
    assertSame(it -> it.completeUpTo(time).allowEmpty().replaceAll());
  }

  /** Removes a hidden row from one mesh, and nothing from the other. */
  private static void assertSameLoss(Consumer<Side> how) {
    try (Side one = new Side(SWEDEN);
        Side other = new Side(SWEDEN)) {
      one.publish().records(List.of(in("SE"), in("DK"))).commit();
      other.publish().records(List.of(in("SE"))).commit();
      for (Side side : List.of(one, other)) {
        side.poll();
        how.accept(side);
        for (int i = 0; i < 3; i++) {
          side.poll();
        }
        side.lookAround(new Random(1));
      }
      assertThat(other.observed).isEqualTo(one.observed);
    }
  }

  @Test
  void removingHiddenRowsLooksLikeRemovingNoRows() {
    List<Trip> none = List.of();

    assertSameLoss(side -> side.erase().where("country = 'DK'").because("test").commit());
    assertSameLoss(
        side -> side.publish().records(none).replaceWhere("country = 'DK'").allowEmpty().commit());
  }

  @Test
  void aReaderOfSomeRowsCannotDistinguishHiddenRowsFromNone() {
    try (Side one = new Side(SWEDEN);
        Side other = new Side(SWEDEN)) {
      for (Side side : List.of(one, other)) {
        side.publish().records(List.of(in("SE"))).commit();
        side.publish().records(side == one ? List.of(in("DK")) : List.of()).commit();
        side.erase().where("country = 'DK'").because("test").commit();
        side.beNotified();
      }
      assertThat(one.observed).hasSize(3);
      assertThat(other.observed).isEqualTo(one.observed);
    }
  }

  @Test
  void changesOfHiddenRowsAreInvisible() {
    Seeds.forEach(6, HiddenChangesTest::check);
  }

  @Tag("nightly")
  @Test
  void changesOfHiddenRowsAreInvisibleInManyMeshes() {
    Seeds.forEach(100, HiddenChangesTest::check);
  }
}
