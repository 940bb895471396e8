package io.meshwork.internal.conformance.lifecycle;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/** What a product has to contain: the rows of each major version, and the state of its rollout. */
final class ProductModel {
  /** The states of a rollout, and of a product without one. */
  enum Phase {
    NONE,
    PLANNED,
    PARALLEL,
    CLOSING,
    RETIRED,
    /** The old version was restored, and lacks rows. */
    RESTORED
  }

  /** The rows of each major version that its owner reads. */
  final SortedMap<Integer, List<ModelRow>> rows = new TreeMap<>(Map.of(1, List.of()));

  /** The major versions that a publish writes. */
  final SortedSet<Integer> written = new TreeSet<>(List.of(1));

  /** The major versions that never got a row, and so have no snapshot. */
  final SortedSet<Integer> neverWritten = new TreeSet<>();

  /** The rows of snapshots that a rollback may name. */
  final Map<String, List<ModelRow>> snapshots = new TreeMap<>();

  Phase phase = Phase.NONE;
  int current = 1;
  int from;
  int to;
  boolean hasHistory;

  ProductModel copy() {
    ProductModel copy = new ProductModel();
    copy.set(this);
    return copy;
  }

  void set(ProductModel other) {
    rows.clear();
    rows.putAll(other.rows);
    written.clear();
    written.addAll(other.written);
    neverWritten.clear();
    neverWritten.addAll(other.neverWritten);
    snapshots.clear();
    snapshots.putAll(other.snapshots);
    phase = other.phase;
    current = other.current;
    from = other.from;
    to = other.to;
    hasHistory = other.hasHistory;
  }

  boolean isParallel() {
    return phase == Phase.PARALLEL || phase == Phase.CLOSING || phase == Phase.RESTORED;
  }

  /** Whether consumers read a major version. */
  boolean isOpen(int major) {
    return major == current || (isParallel() && (major == from || major == to));
  }

  void publish(Predicate<ModelRow> replaced, List<ModelRow> offered) {
    List<ModelRow> good = offered.stream().filter(ModelRow::isGood).toList();
    for (int major : written) {
      replace(major, replaced, good);
      if (!good.isEmpty()) {
        neverWritten.remove(major);
      }
    }
  }

  void erase(Predicate<ModelRow> erased) {
    List.copyOf(rows.keySet()).forEach(major -> replace(major, erased, List.of()));
    snapshots.values().removeIf(rows -> rows.stream().anyMatch(erased));
  }

  private void replace(int major, Predicate<ModelRow> gone, List<ModelRow> added) {
    List<ModelRow> after = new ArrayList<>(rows.getOrDefault(major, List.of()));
    after.removeIf(gone);
    after.addAll(added);
    rows.put(major, after);
  }

  void start(int next, boolean history) {
    phase = Phase.PLANNED;
    from = current;
    to = next;
    hasHistory = history;
  }

  void activate() {
    phase = Phase.PARALLEL;
    rows.put(to, hasHistory ? rows.getOrDefault(from, List.of()) : List.of());
    if (rows.getOrDefault(to, List.of()).isEmpty()) {
      neverWritten.add(to);
    }
    written.add(to);
    snapshots.clear();
  }

  void makeCurrent() {
    current = to;
    snapshots.clear();
  }

  void close() {
    phase = Phase.CLOSING;
    makeCurrent();
  }

  void retire() {
    phase = Phase.RETIRED;
    written.remove(from);
    makeCurrent();
  }

  void restore(boolean lacksRows) {
    phase = lacksRows ? Phase.RESTORED : Phase.CLOSING;
    if (!lacksRows) {
      written.add(from);
    }
    snapshots.clear();
  }

  /** The restored version has the rows of the other one, and those that only it had. */
  void fillRestored(List<ModelRow> filled) {
    phase = Phase.CLOSING;
    written.add(from);
    rows.put(from, filled);
  }

  void abort() {
    phase = Phase.NONE;
    rows.remove(to);
    written.remove(to);
    written.add(from);
    current = from;
    snapshots.clear();
  }

  void purge() {
    phase = Phase.NONE;
    rows.remove(from);
  }
}
