package io.meshwork.internal.conformance.publish;

import static io.meshwork.contract.Partition.by;
import static io.meshwork.contract.Partition.day;
import static io.meshwork.contract.Partition.hour;
import static io.meshwork.contract.Partition.month;
import static io.meshwork.contract.Partition.year;
import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.MeshClient;
import io.meshwork.consume.Batch;
import io.meshwork.consume.Subscription;
import io.meshwork.contract.Column;
import io.meshwork.contract.Contract;
import io.meshwork.contract.Partition;
import io.meshwork.error.ErrorCode;
import io.meshwork.internal.conformance.fixture.MeshFixture;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.publish.PublishReceipt;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Files are partitioned, and partitions do not change the results of reads. */
public abstract class PartitionsSuite extends MeshFixture {
  private static final String VISITS = "commerce/visits";

  record Visit(long id, Instant at, LocalDateTime local, LocalDate day, Optional<String> page) {
    static Visit of(long id, Instant at, Optional<String> page) {
      LocalDateTime local = LocalDateTime.ofInstant(at, java.time.ZoneOffset.UTC);
      return new Visit(id, at, local, local.toLocalDate(), page);
    }
  }

  private static List<Visit> visits(Random random, int count) {
    List<Visit> visits = new ArrayList<>();
    Instant start = Instant.parse("1969-10-30T22:00:00Z");
    for (long id = 0; id < count; id++) {
      long seconds = random.nextInt(100 * 86_400);
      visits.add(Visit.of(id, start.plusSeconds(seconds), Optional.of("page " + id % 3)));
    }
    return visits;
  }

  @Test
  void rowsWithANullPartitionAreReadAndErasedByIsNull() {
    MeshClient shop = registerShop();
    shop.defineProduct(ORDERS)
        .contract(Contract.of(Order.class))
        .partitionBy(Partition.identity("note"))
        .commit();
    List<Order> orders = Order.range(0, 9);
    shop.publish(ORDERS).records(orders).commit();

    assertThat(all(shop.read(ORDERS).as(Order.class).where("note IS NULL")))
        .extracting(Order::id)
        .containsExactlyInAnyOrder(0L, 3L, 6L);
    shop.erase(ORDERS).where("note IS NULL").because("They say nothing").commit();

    assertThat(orders()).extracting(Order::id).containsExactlyInAnyOrder(1L, 2L, 4L, 5L, 7L, 8L);
    assertWhole();
  }

  record Extreme(long id, int small, long big, Instant at) {}

  private static final List<Extreme> EXTREMES =
      List.of(
          extreme(0, Integer.MIN_VALUE, Long.MIN_VALUE),
          extreme(1, Integer.MIN_VALUE + 9, Long.MIN_VALUE + 9),
          extreme(2, -1, -1),
          extreme(3, 5, 5),
          extreme(4, Integer.MAX_VALUE, Long.MAX_VALUE));

  /** The time is the most distant that an hour partition can represent. */
  private static Extreme extreme(long id, int small, long big) {
    long end = (1L << 31) * 3_600_000_000L;
    long micros = Math.max(-end, Math.min(end - 1, big));
    long seconds = Math.floorDiv(micros, 1_000_000L);
    Instant at = Instant.ofEpochSecond(seconds, (micros - seconds * 1_000_000L) * 1_000L);
    return new Extreme(id, small, big, at);
  }

  private static List<Long> ids(List<Extreme> rows) {
    return rows.stream().map(Extreme::id).sorted().toList();
  }

  @Test
  void aFilterMatchesTheSameExtremeValuesInReadsPollsErasesAndReplaces() {
    MeshClient shop = registerShop();
    List<Partition> partitions =
        List.of(
            Partition.truncate("small", 10),
            Partition.truncate("small", Integer.MAX_VALUE),
            Partition.truncate("big", 10),
            Partition.hour("at"));
    List<String> filters =
        List.of(
            "small > -2147483648 AND big > -9223372036854775808",
            "small < 0 OR big < 0",
            "small >= -2147483640 AND big >= -9223372036854775800",
            "NOT (small <= 2147483646 OR big <= 9223372036854775806)",
            "at < TIMESTAMP '1970-01-01T00:00:00Z'",
            "at > TIMESTAMP '+200000-01-01T00:00:00Z'");
    List<List<Long>> expected =
        List.of(
            List.of(1L, 2L, 3L, 4L),
            List.of(0L, 1L, 2L),
            List.of(1L, 2L, 3L, 4L),
            List.of(4L),
            List.of(0L, 1L, 2L),
            List.of(4L));
    for (int i = 0; i < partitions.size(); i++) {
      for (int j = 0; j < filters.size(); j++) {
        String product = "commerce/extremes-" + i + "-" + j;
        String filter = filters.get(j);
        List<Long> matching = expected.get(j);
        String about = partitions.get(i) + ": " + filter;
        shop.defineProduct(product)
            .contract(Contract.of(Extreme.class))
            .partitionBy(partitions.get(i))
            .commit();
        Subscription<Extreme> polled =
            shop.subscribe(product)
                .name("copy")
                .purpose("A copy")
                .where(filter)
                .as(Extreme.class)
                .commit();
        EXTREMES.forEach(row -> shop.publish(product).records(List.of(row)).commit());

        assertThat(ids(all(shop.read(product).as(Extreme.class).where(filter))))
            .as(about)
            .isEqualTo(matching);
        List<Extreme> news = new ArrayList<>();
        try (Batch<Extreme> batch = polled.poll()) {
          batch.forEach(news::add);
        }
        assertThat(ids(news)).as(about).isEqualTo(matching);
        List<Extreme> same = EXTREMES.stream().filter(row -> matching.contains(row.id())).toList();
        shop.publish(product).records(same).replaceWhere(filter).commit();
        assertThat(ids(all(shop.read(product).as(Extreme.class))))
            .as(about)
            .isEqualTo(ids(EXTREMES));
        shop.erase(product).where(filter).because("A test").commit();
        assertThat(ids(all(shop.read(product).as(Extreme.class))))
            .as(about)
            .isEqualTo(ids(EXTREMES).stream().filter(id -> !matching.contains(id)).toList());
      }
    }
    assertWhole();
  }

  @Test
  void unsortedRowsAreWrittenAsOneFilePerPartition() {
    MeshClient shop = registerShop();
    shop.defineProduct(ORDERS)
        .contract(Contract.of(Order.class))
        .partitionBy(Partition.bucket("id", 100))
        .commit();
    List<Order> orders = Order.range(0, 20_000);

    PublishReceipt receipt = shop.publish(ORDERS).records(orders).commit();

    assertThat(receipt.files()).isEqualTo(100);
    // Sorted first, because an order-independent comparison takes quadratic time.
    assertThat(orders().stream().sorted(Comparator.comparing(Order::id)).toList())
        .isEqualTo(orders);
    assertWhole();
  }

  /** Publishes twice, and verifies the partition of each row. */
  private void assertLaidOutBy(Partition partition, Function<Visit, Object> key) {
    MeshClient shop = registerShop();
    shop.defineProduct(VISITS).contract(Contract.of(Visit.class)).partitionBy(partition).commit();
    long seed = 42;
    List<Visit> visits = visits(new Random(seed), 120);
    int partitions = visits.stream().map(key).collect(Collectors.toSet()).size();

    PublishReceipt receipt = shop.publish(VISITS).records(visits).commit();
    shop.publish(VISITS).records(visits.subList(0, 1)).commit();

    assertThat(receipt.files()).as("seed %s", seed).isEqualTo(partitions);
    List<Visit> all = new ArrayList<>(visits);
    all.add(visits.get(0));
    assertThat(all(shop.read(VISITS).as(Visit.class)))
        .as("seed %s", seed)
        .containsExactlyInAnyOrderElementsOf(all);
    assertThat(shop.read(VISITS).files()).hasSize(partitions + 1).doesNotHaveDuplicates();
    assertThat(shop.read(VISITS).files().stream().map(file -> folder(file)).distinct())
        .as("one folder for each partition")
        .hasSize(partitions);
    assertWhole();
  }

  private static String folder(String file) {
    return file.substring(0, file.lastIndexOf('/'));
  }

  @Test
  void filesArePartitionedByYear() {
    assertLaidOutBy(year("at"), visit -> visit.local().getYear());
  }

  @Test
  void filesArePartitionedByMonth() {
    assertLaidOutBy(month("local"), visit -> visit.day().withDayOfMonth(1));
  }

  @Test
  void filesArePartitionedByMonthOfADate() {
    assertLaidOutBy(month("day"), visit -> visit.day().withDayOfMonth(1));
  }

  @Test
  void filesArePartitionedByDay() {
    assertLaidOutBy(day("at"), Visit::day);
  }

  @Test
  void filesArePartitionedByHour() {
    assertLaidOutBy(hour("local"), visit -> visit.local().truncatedTo(ChronoUnit.HOURS));
  }

  @Test
  void filesArePartitionedByValue() {
    assertLaidOutBy(by("page"), Visit::page);
  }

  @Test
  void filesArePartitionedByTwoColumns() {
    MeshClient shop = registerShop();
    shop.defineProduct(VISITS)
        .contract(Contract.of(Visit.class))
        .partitionBy(by("page"), month("at"))
        .commit();
    Instant january = Instant.parse("2024-01-31T23:59:59Z");
    List<Visit> visits =
        List.of(
            Visit.of(1, january, Optional.of("a")),
            Visit.of(2, january, Optional.of("b")),
            Visit.of(3, january.plusSeconds(1), Optional.of("a")),
            Visit.of(4, january, Optional.of("a")));

    assertThat(shop.publish(VISITS).records(visits).commit().files()).isEqualTo(3);
    assertThat(all(shop.read(VISITS).as(Visit.class))).containsExactlyInAnyOrderElementsOf(visits);
  }

  @Test
  void specialTextsAndNullsAreValidFolders() {
    MeshClient shop = registerShop();
    shop.defineProduct(VISITS).contract(Contract.of(Visit.class)).partitionBy(by("page")).commit();
    List<String> odd =
        List.of(
            "a/b",
            "../../up",
            "..",
            ".",
            "%2e%2e",
            "%",
            "a b",
            " ",
            "",
            "null",
            "=",
            "a=b&c",
            "ünï \ud83d\ude80",
            "back\\slash",
            "C:",
            "new\nline",
            "tab\t",
            "zero\u0000",
            "'\"",
            "x".repeat(60),
            "#?*");
    List<Visit> visits = new ArrayList<>();
    for (String page : odd) {
      visits.add(Visit.of(visits.size(), clock.instant(), Optional.of(page)));
    }
    visits.add(Visit.of(visits.size(), clock.instant(), Optional.empty()));

    PublishReceipt receipt = shop.publish(VISITS).records(visits).commit();

    assertThat(receipt.files()).isEqualTo(visits.size());
    assertThat(all(shop.read(VISITS).as(Visit.class))).containsExactlyInAnyOrderElementsOf(visits);
    String root = folder(folder(shop.read(VISITS).files().get(0)));
    assertThat(shop.read(VISITS).files())
        .allSatisfy(
            file -> {
              assertThat(folder(folder(file))).isEqualTo(root);
              assertThat(file).doesNotContain("/../", "/./");
            });
    Map<String, Long> present = files.present();
    assertThat(present.keySet())
        .containsAll(
            shop.read(VISITS).files().stream()
                .map(file -> files.newInputFile(file).location())
                .toList());
    assertWhole();
  }

  @Test
  void morePartitionsThanOpenFilesLoseNoRows() {
    record Cell(int place, long id) {}
    MeshClient shop = registerShop();
    shop.defineProduct("commerce/cells")
        .contract(Contract.of(Cell.class))
        .partitionBy(by("place"))
        .commit();
    List<Cell> cells = new ArrayList<>();
    for (long id = 0; id < 40_000; id++) {
      cells.add(new Cell((int) (id % 100), id));
    }

    PublishReceipt receipt = shop.publish("commerce/cells").records(cells).commit();

    assertThat(receipt.files()).isGreaterThanOrEqualTo(100);
    assertThat(
            all(shop.read("commerce/cells").as(Cell.class)).stream()
                .sorted(Comparator.comparingLong(Cell::id))
                .toList())
        .isEqualTo(cells);
    assertWhole();
  }

  record Kinds(
      int whole,
      long far,
      @Column(precision = 12, scale = 3) BigDecimal exact,
      LocalDate day,
      LocalTime time,
      Instant at,
      LocalDateTime local,
      String text,
      UUID id,
      byte[] bytes,
      boolean yes,
      Optional<String> maybe) {
    static Kinds of(int i) {
      Instant at = Instant.parse("1969-12-30T23:59:59.999999Z").plusSeconds(i * 40_000L);
      LocalDateTime local = LocalDateTime.ofInstant(at, ZoneOffset.UTC);
      return new Kinds(
          i - 5,
          (i - 5L) << 33,
          BigDecimal.valueOf((i - 5) * 12_345L, 3),
          local.toLocalDate(),
          local.toLocalTime(),
          at,
          local,
          "t\u00e4xt \ud83d\ude80 " + i % 7,
          new UUID(i * 0x9E37_79B9_7F4A_7C15L, i),
          new byte[] {(byte) (i % 3), (byte) -i},
          i % 2 == 0,
          i % 4 == 0 ? Optional.empty() : Optional.of("m" + i % 5));
    }

    String key() {
      return id.toString();
    }
  }

  private static List<Partition> everyLayout() {
    List<Partition> layouts = new ArrayList<>();
    for (String column :
        List.of(
            "whole", "far", "exact", "day", "time", "at", "local", "text", "id", "bytes",
            "maybe")) {
      layouts.add(Partition.bucket(column, 3));
      layouts.add(by(column));
    }
    layouts.add(by("yes"));
    for (String column : List.of("whole", "far", "exact", "text", "bytes", "maybe")) {
      layouts.add(Partition.truncate(column, column.equals("exact") ? 50_000 : 1));
    }
    layouts.add(Partition.truncate("text", 7));
    for (String column : List.of("day", "at", "local")) {
      layouts.add(Partition.year(column));
      layouts.add(Partition.month(column));
      layouts.add(Partition.day(column));
    }
    layouts.add(Partition.hour("at"));
    layouts.add(Partition.hour("local"));
    return layouts;
  }

  @Test
  void everyTransformOfEveryTypePrunesCorrectly() {
    MeshClient shop = registerShop();
    int count = 12;
    List<Kinds> kinds = Stream.iterate(0, i -> i < count, i -> i + 1).map(Kinds::of).toList();
    List<Partition> layouts = everyLayout();
    // Adjacent partitions in the list may use the same column, so they go to different tables.
    int tables = 13;
    for (int table = 0; table < tables; table++) {
      List<Partition> layout = new ArrayList<>();
      for (int i = table; i < layouts.size(); i += tables) {
        layout.add(layouts.get(i));
      }
      String product = "commerce/kinds-" + table;
      shop.defineProduct(product)
          .contract(Contract.of(Kinds.class))
          .partitionBy(layout.toArray(Partition[]::new))
          .commit();
      assertThat(shop.describe(product).versions().get(0).partitioning()).isEqualTo(layout);
      PublishReceipt first = shop.publish(product).records(kinds).commit();

      PublishReceipt again = shop.publish(product).records(kinds).replacePartitions().commit();

      assertThat(again.rowsRemoved()).as("%s", layout).isEqualTo(count);
      assertThat(again.files()).as("%s", layout).isEqualTo(first.files());
      PublishReceipt one =
          shop.publish(product).records(kinds.subList(3, 4)).replacePartitions().commit();
      assertThat(one.rowsRemoved()).as("%s", layout).isBetween(1L, (long) count);
      assertThat(all(shop.read(product).as(Kinds.class)))
          .as("%s", layout)
          .hasSize(count + 1 - (int) one.rowsRemoved())
          .extracting(Kinds::key)
          .contains(kinds.get(3).key())
          .doesNotHaveDuplicates();
    }
    assertThat(mesh.doctor().findings()).isEmpty();
  }

  @Test
  void anUnsupportedTransformIsRejectedWhenTheProductIsDefined() {
    MeshClient shop = registerShop();
    for (List<Partition> wrong :
        List.of(
            List.of(Partition.bucket("yes", 3)),
            List.of(Partition.truncate("day", 3)),
            List.of(Partition.truncate("id", 3)),
            List.of(Partition.bucket("nowhere", 3)),
            List.of(Partition.bucket("id", 3), Partition.bucket("id", 4)),
            List.of(Partition.day("at"), Partition.hour("at")))) {
      assertRefused(
          ErrorCode.CONTRACT_INVALID,
          () ->
              shop.defineProduct("commerce/kinds")
                  .contract(Contract.of(Kinds.class))
                  .partitionBy(wrong.toArray(Partition[]::new))
                  .commit(),
          wrong.get(wrong.size() - 1).toString());
    }
    assertRefused(ErrorCode.INVALID_ARGUMENT, () -> Partition.bucket("id", 0), "bucket", "id");
    assertRefused(ErrorCode.INVALID_ARGUMENT, () -> Partition.truncate("id", -1), "truncate");
  }
}
