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

/** The expected contents of a table of sales: the current rows, and the rows of each snapshot. */
final class ModelOfSales {
  /**
   * A filter as text and as a Java predicate. A row for which the filter is unknown does not match.
   */
  record Filter(String text, Predicate<Sale> matches) {
    /** No filter. */
    static final Filter ALL = new Filter("", sale -> true);

    /**
     * An explicit filter that matches all rows. A subscription without a filter keeps its current
     * one.
     */
    static final Filter EVERY_ID = new Filter("id >= 0", sale -> true);
  }

  private static final String SHOPS = "abcd";

  private final Random random;
  private final Function<Sale, Object> partition;
  private final Map<String, List<Sale>> snapshots = new LinkedHashMap<>();

  /** The erases before each snapshot. */
  private final Map<String, Set<Integer>> erasedBy = new LinkedHashMap<>();

  private List<Sale> rows = new ArrayList<>();
  private Set<Integer> erases = Set.of();
  private final List<Sale> quarantined = new ArrayList<>();
  private long nextId;

  /**
   * Creates an empty table.
   *
   * @param partition returns the partition of a row
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

  /** Returns the snapshot IDs, oldest first. */
  List<String> snapshots() {
    return List.copyOf(snapshots.keySet());
  }

  /** Returns valid rows, some of them duplicated, followed by rows that break the contract. */
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

  /** Replaces the removed rows with the valid new rows, and returns the number of removed rows. */
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

  /** Records an erase, which also removes quarantined rows. */
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

  /** Returns the rows of a snapshot. */
  List<Sale> at(String snapshot) {
    return snapshots.getOrDefault(snapshot, List.of());
  }

  /** Returns true if a rollback to the snapshot could restore erased rows. */
  boolean restoresErased(String snapshot) {
    return !erasedBy.getOrDefault(snapshot, Set.of()).containsAll(erases);
  }

  /**
   * Restores the rows of a snapshot and the erases before it.
   *
   * @param moved whether the rollback created a snapshot
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
