package io.meshwork.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.access.GrantByName;
import io.meshwork.consume.Batch;
import io.meshwork.consume.Read;
import io.meshwork.consume.Rows;
import io.meshwork.consume.Subscription;
import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.contract.Partition;
import io.meshwork.contract.Rule;
import io.meshwork.error.MeshException;
import io.meshwork.notice.Notice;
import io.meshwork.notice.Notice.Kind;
import io.meshwork.product.Principal;
import io.meshwork.product.Snapshot;
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
 * Two meshes in which the same is done with products that differ only in rows, columns and cells
 * that a reader does not see: whatever changes rows, what the reader reads, polls, lists and is
 * refused is the same in both, to the letter.
 */
class HiddenChangesTest {
  private static final String TRIPS = "commerce/trips";
  private static final Principal READER = Principal.of("finance", "etl");
  private static final List<String> COUNTRIES = List.of("SE", "NO", "DK");
  private static final List<String> COLUMNS = List.of("id", "country", "amount", "card", "place");

  record Place(String city, Optional<Integer> zone) {}

  record Trip(long id, String country, Optional<Integer> amount, String card, Place place) {}

  /** What is granted: some columns, of rows for which a condition holds. */
  private record Gift(List<String> columns, String text, Predicate<Trip> shows) {}

  private record World(List<Gift> gifts, boolean partitioned) {
    static World random(Random random) {
      List<Gift> gifts = new ArrayList<>();
      for (int i = 1 + random.nextInt(2); i > 0; i--) {
        List<String> columns = COLUMNS.stream().filter(column -> random.nextInt(3) > 0).toList();
        gifts.add(
            switch (random.nextInt(4)) {
              case 0 -> new Gift(columns, "country = 'SE'", trip -> trip.country.equals("SE"));
              case 1 -> new Gift(columns, "country <> 'DK'", trip -> !trip.country.equals("DK"));
              case 2 ->
                  new Gift(
                      columns,
                      "amount >= 40",
                      trip -> trip.amount.filter(is -> is >= 40).isPresent());
              default ->
                  new Gift(columns, "place.city = 'Oslo'", trip -> trip.place.city.equals("Oslo"));
            });
      }
      gifts.replaceAll(
          gift -> gift.columns.isEmpty() ? new Gift(List.of("card"), gift.text, gift.shows) : gift);
      return new World(gifts, random.nextBoolean());
    }

    boolean shows(Trip trip) {
      return gifts.stream().anyMatch(gift -> gift.shows.test(trip));
    }

    /** What its reader sees of a row: null where it does not. */
    List<@Nullable Object> seen(Trip trip) {
      List<@Nullable Object> cells = new ArrayList<>();
      for (String column : COLUMNS) {
        boolean shown =
            gifts.stream().anyMatch(gift -> gift.columns.contains(column) && gift.shows.test(trip));
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
   * The same to the reader: other rows that it does not see, in partitions that are the same, and
   * other values in cells that it does not see.
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

  /** One of the two meshes, and all that its reader was told. */
  private static final class Side implements AutoCloseable {
    final ManualClock clock = ManualClock.at(Instant.parse("2026-11-20T08:00:00Z"));
    final RecordingNotifier notices = new RecordingNotifier();
    final Mesh mesh =
        InMemoryMesh.with().clock(clock).testing().seededIds(1).notifier("test", notices).open();
    final MeshClient shop = mesh.actingAs(Principal.of("commerce", "etl"));
    final MeshClient finance = mesh.actingAs(READER);
    final List<String> told = new ArrayList<>();
    final Subscription<Map<String, Object>> subscription;

    Side(World world) {
      shop.registerDomain("commerce").ownedBy("shop@example.org").commit();
      finance.registerDomain("finance").ownedBy("finance@example.org").commit();
      var define =
          shop.defineProduct(TRIPS)
              .contract(
                  Contract.of(Trip.class)
                      .require(Rule.notInSet("amount", 90))
                      .onViolation(OnViolation.QUARANTINE)
                      .maxQuarantineShare(100));
      if (world.partitioned) {
        define.partitionedBy(Partition.identity("country"));
      }
      define.commit();
      for (Gift gift : world.gifts) {
        GrantByName grant = shop.grant(TRIPS).rows(gift.text).to(READER).because("test");
        if (gift.columns.size() < COLUMNS.size()) {
          grant.columns(gift.columns.toArray(String[]::new));
        }
        grant.commit();
      }
      finance.defineProduct("finance/made").contract(Contract.of(Place.class)).commit();
      subscription = finance.subscribe(TRIPS).named("s").purpose("test").asMaps().commit();
    }

    Publish<GenericRecord> publish() {
      clock.advance(Duration.ofMinutes(1));
      return shop.publish(TRIPS);
    }

    /** Says what comes of it to the reader. */
    void look(String what, Function<MeshClient, @Nullable Object> look) {
      String came;
      try {
        came = String.valueOf(look.apply(finance));
      } catch (MeshException refused) {
        came = refused.errorCode() + " " + refused.getMessage() + " " + refused.getCause();
      }
      told.add(what + ": " + came);
    }

    void poll() {
      try (Batch<Map<String, Object>> batch = subscription.poll()) {
        List<Object> rows = new ArrayList<>();
        batch.forEach(rows::add);
        told.add(
            Stream.of(
                    batch.id().replaceAll("/[0-9a-f]{12}/", "/VIEW/"),
                    batch.isEmpty(),
                    batch.kind(),
                    batch.reason(),
                    batch.predicate(),
                    batch.partitions(),
                    batch.columns(),
                    withoutId(batch.snapshot()),
                    rows)
                .toList()
                .toString());
        batch.ack();
      } catch (MeshException refused) {
        told.add(refused.errorCode() + " " + refused.getMessage());
      }
    }

    void beNotified() {
      mesh.deliverNotices();
      for (Notice notice : notices.all()) {
        if (notice.facts().containsKey("subscription") && notice.kind() != Kind.SUBSCRIBED) {
          Map<String, String> facts = new TreeMap<>(notice.facts());
          facts.put("publishId", "ID");
          told.add(notice.id() + " " + notice.subject() + " " + notice.text() + " " + facts);
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
      look("history", it -> it.history(TRIPS).changes());
      look("quality", it -> it.history(TRIPS).quality());
      look("of domain", it -> it.governance().domainQuality("commerce"));
      look("receipts", it -> it.history(TRIPS).receipts());
      look("events", it -> it.events(TRIPS).list());
      look("events of domain", it -> it.events("commerce").list());
      look("quarantine", it -> rows(it.quarantine(TRIPS)));
      look("access", it -> it.explainAccess(READER, TRIPS));
      look("grants", it -> it.access().grants());
      look("readers", it -> it.access().whoCanRead(TRIPS));
      look("roll back", it -> it.rollBack(TRIPS).to("1").because("no").commit());
      look("publish", it -> it.publish(TRIPS).erasingWhere("id > 3", "no").commit());
      look("lineage", Side::lineage);
      look("freshness", it -> subscription.freshness());
      look("position", it -> subscription.position().toString().replaceAll("[0-9]{12,}", "ID"));
    }

    /** Makes something from what is read, and says what is kept of where it came from. */
    private static Object lineage(MeshClient finance) {
      try (Rows<Map<String, Object>> rows = finance.read(TRIPS).asMaps().read()) {
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
      return finance.history("finance/made").changes().stream()
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

  /** What is done to both, with rows that are the same to the reader. */
  private static void step(Random random, World world, Side one, Side other) {
    List<Trip> trips = Stream.generate(() -> trip(random)).limit(3 + random.nextInt(9)).toList();
    String country = one(random, COUNTRIES);
    switch (random.nextInt(world.partitioned ? 7 : 6)) {
      case 0 -> both(world, one, other, random, trips, it -> it.replacingAll());
      case 1 -> {
        List<Trip> some = trips.stream().filter(trip -> trip.country.equals(country)).toList();
        both(
            world,
            one,
            other,
            random,
            some,
            it -> it.replacingWhere("country = '" + country + "'").allowingEmpty());
      }
      case 2 -> {
        one.publish().erasingWhere("country = '" + country + "'", "test").commit();
        other.publish().erasingWhere("country = '" + country + "'", "test").commit();
      }
      case 6 -> both(world, one, other, random, trips, it -> it.replacingPartitions());
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

  /** With some that a rule sends to the quarantine, which are hidden from every reader. */
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
      assertThat(other.told).as("%s", world.gifts).isEqualTo(one.told);
    }
  }

  private static final World SWEDEN =
      new World(
          List.of(new Gift(COLUMNS, "country = 'SE'", trip -> trip.country.equals("SE"))), true);

  private static Trip in(String country) {
    return new Trip(1, country, Optional.empty(), "c1", new Place("Oslo", Optional.empty()));
  }

  /** Both hold a row that shows; to one of them comes what does not show, and to the other none. */
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
      assertThat(other.told).isEqualTo(one.told);
    }
  }

  @Test
  void addingHiddenRowsLooksLikeAddingNoRows() {
    Instant time = Instant.parse("2026-11-20T00:00:00Z");

    assertSame(it -> it);
    assertSame(it -> it.allowingEmpty().replacingPartitions());
    assertSame(it -> it.completeUpTo(time));
    assertSame(it -> it.completeUpTo(time).allowingEmpty().replacingAll());
  }

  /** One holds a row that does not show, and loses it; the other has nothing to lose. */
  private static void assertSameLoss(Consumer<Publish<GenericRecord>> how) {
    try (Side one = new Side(SWEDEN);
        Side other = new Side(SWEDEN)) {
      one.publish().records(List.of(in("SE"), in("DK"))).commit();
      other.publish().records(List.of(in("SE"))).commit();
      for (Side side : List.of(one, other)) {
        side.poll();
        how.accept(side.publish());
        for (int i = 0; i < 3; i++) {
          side.poll();
        }
        side.lookAround(new Random(1));
      }
      assertThat(other.told).isEqualTo(one.told);
    }
  }

  @Test
  void removingHiddenRowsLooksLikeRemovingNoRows() {
    List<Trip> none = List.of();

    assertSameLoss(publish -> publish.erasingWhere("country = 'DK'", "test").commit());
    assertSameLoss(
        publish -> publish.records(none).replacingWhere("country = 'DK'").allowingEmpty().commit());
  }

  @Test
  void aReaderOfSomeRowsCannotDistinguishHiddenRowsFromNone() {
    try (Side one = new Side(SWEDEN);
        Side other = new Side(SWEDEN)) {
      for (Side side : List.of(one, other)) {
        side.publish().records(List.of(in("SE"))).commit();
        side.publish().records(side == one ? List.of(in("DK")) : List.of()).commit();
        side.publish().erasingWhere("country = 'DK'", "test").commit();
        side.beNotified();
      }
      assertThat(one.told).hasSize(3);
      assertThat(other.told).isEqualTo(one.told);
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
