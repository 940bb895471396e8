package io.meshwork.conformance;

import io.meshwork.conformance.SalesFixture.Sale;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/** What a table of sales should hold, in the simplest way: a list of rows, and one a snapshot. */
final class ModelOfSales {
  /** A filter as text, and as Java sees it; a row with a null in the way does not match. */
  record Filter(String text, Predicate<Sale> matches) {
    /** None. */
    static final Filter ALL = new Filter("", sale -> true);

    /** One that says so: a subscription that is given none keeps the one that it has. */
    static final Filter EVERY_ID = new Filter("id >= 0", sale -> true);
  }

  private static final String SHOPS = "abcd";

  private final Random random;
  private final Function<Sale, Object> partition;
  private final Map<String, List<Sale>> snapshots = new LinkedHashMap<>();

  /** By snapshot: the erases that had taken their rows away by then. */
  private final Map<String, Set<Integer>> erasedBy = new LinkedHashMap<>();

  private List<Sale> rows = new ArrayList<>();
  private Set<Integer> erases = Set.of();
  private final List<Sale> quarantined = new ArrayList<>();
  private long nextId;

  /**
   * An empty table.
   *
   * @param partition which partition a row lies in
   */
  ModelOfSales(Random random, Function<Sale, Object> partition) {
    this.random = random;
    this.partition = partition;
  }

  List<Sale> rows() {
    return List.copyOf(rows);
  }

  List<Sale> quarantined() {
    return List.copyOf(quarantined);
  }

  /** Snapshots so far, oldest first, by id. */
  List<String> snapshots() {
    return List.copyOf(snapshots.keySet());
  }

  /** Rows that keep the contract, some doubled, then some that break it. */
  List<Sale> offered(Predicate<Sale> wanted) {
    List<Sale> offered = new ArrayList<>();
    int count = random.nextInt(12);
    for (int i = 0; i < count; i++) {
      Sale sale = sale(random.nextInt(10) == 0 ? random.nextInt(200) : nextId++);
      if (wanted.test(sale)) {
        offered.add(sale);
      }
    }
    int bad = offered.isEmpty() ? 0 : random.nextInt(offered.size() / 3 + 1);
    for (int i = 0; i < bad; i++) {
      offered.add(random.nextInt(offered.size() + 1), new Sale(nextId++, shop(), Optional.of(-1)));
    }
    return offered;
  }

  Filter filter() {
    long id = random.nextInt((int) nextId + 1);
    long span = random.nextInt(40);
    String shop = shop();
    int items = random.nextInt(10);
    return switch (random.nextInt(6)) {
      case 0 -> new Filter("shop = '" + shop + "'", sale -> sale.shop().equals(shop));
      case 1 ->
          new Filter(
              "id >= " + id + " and id < " + (id + span),
              sale -> sale.id() >= id && sale.id() < id + span);
      case 2 ->
          new Filter("items = " + items, sale -> sale.items().filter(n -> n == items).isPresent());
      case 3 -> new Filter("items is null", sale -> sale.items().isEmpty());
      case 4 ->
          new Filter(
              "shop = '" + shop + "' or id < " + id,
              sale -> sale.shop().equals(shop) || sale.id() < id);
      default ->
          new Filter(
              "not (items > " + items + ") and shop <> '" + shop + "'",
              sale ->
                  sale.items().filter(n -> n <= items).isPresent() && !sale.shop().equals(shop));
    };
  }

  static boolean isGood(Sale sale) {
    return sale.items().filter(items -> items < 0).isEmpty();
  }

  /** Adds what keeps the contract in the place of rows that go; says how many went. */
  int replace(Predicate<Sale> gone, List<Sale> offered) {
    List<Sale> after = new ArrayList<>(rows);
    after.removeIf(gone);
    int removed = rows.size() - after.size();
    for (Sale sale : offered) {
      if (isGood(sale)) {
        after.add(sale);
      } else {
        quarantined.add(sale);
      }
    }
    rows = after;
    return removed;
  }

  Predicate<Sale> partitionsOf(List<Sale> offered) {
    Set<Object> touched = new HashSet<>();
    offered.stream().filter(ModelOfSales::isGood).forEach(s -> touched.add(partition.apply(s)));
    return sale -> touched.contains(partition.apply(sale));
  }

  /** One more erase stands, which has taken quarantined rows away as well. */
  void erased(Predicate<Sale> gone) {
    quarantined.removeIf(gone);
    Set<Integer> more = new HashSet<>(erases);
    more.add(snapshots.size());
    erases = more;
  }

  void remember(String snapshot) {
    snapshots.put(snapshot, rows);
    erasedBy.put(snapshot, erases);
  }

  /** The rows as of a snapshot. */
  List<Sale> at(String snapshot) {
    return snapshots.getOrDefault(snapshot, List.of());
  }

  /** True if rows could come back with a snapshot that are erased now. */
  boolean restoresErased(String snapshot) {
    return !erasedBy.getOrDefault(snapshot, Set.of()).containsAll(erases);
  }

  /**
   * The rows of a snapshot stand again, and what was erased by then is erased.
   *
   * @param moved whether a snapshot was made of that
   */
  void rollBackTo(String snapshot, boolean moved) {
    rows = snapshots.getOrDefault(snapshot, List.of());
    if (moved) {
      erases = erasedBy.getOrDefault(snapshot, Set.of());
    }
  }

  private Sale sale(long id) {
    return new Sale(
        id, shop(), random.nextInt(5) == 0 ? Optional.empty() : Optional.of(random.nextInt(10)));
  }

  private String shop() {
    return String.valueOf(SHOPS.charAt(random.nextInt(SHOPS.length())));
  }
}
