package io.meshwork.walk;

import io.meshwork.product.MajorVersion;
import io.meshwork.rollout.Rollout;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** What a product with several major versions must have: plain lists of rows, and decisions. */
final class RolloutModel {
  final SortedMap<Integer, Version> versions = new TreeMap<>();
  final List<Pair> pairs = new ArrayList<>();

  /** Rows that were erased from all versions, and were not published again. */
  final Set<Order> erasedRows = new HashSet<>();

  final List<StagedRows> staged = new ArrayList<>();
  final List<Copy> copies = new ArrayList<>();
  final List<Suspension> suspensions = new ArrayList<>();

  /** True if the customer's name is restricted in a version, and was not opened again. */
  boolean nameRestricted;

  boolean fourEyes;

  /** The purposes that versions were restricted to. */
  final SortedSet<String> purposes = new TreeSet<>();

  /** Versions of which a plan warned that the name can be read in them. */
  final SortedSet<Integer> nameOpenIn = new TreeSet<>();

  int current = 1;

  /** A major version. */
  static final class Version {
    final int number;
    final OrderForm form;
    MajorVersion.State state = MajorVersion.State.PREPARED;

    /** False while a back-fill copies, and the rows are those of that moment. */
    boolean isKnown = true;

    /** The purpose that it alone was restricted to; empty for none. */
    String purpose = "";

    /** True if the name was restricted in it before it opened. */
    boolean restrictsName;

    final List<Order> rows = new ArrayList<>();
    final SortedMap<Long, Order> quarantined = new TreeMap<>();
    final Map<String, List<Order>> snapshots = new HashMap<>();
    final List<String> snapshotIds = new ArrayList<>();

    Version(int number, OrderForm form) {
      this.number = number;
      this.form = form;
    }

    /** Returns true if consumers can read it. */
    boolean isOpen() {
      return state != MajorVersion.State.PREPARED && !state.isRetired();
    }

    boolean hasFiles() {
      return state != MajorVersion.State.PURGED;
    }

    /** Remembers the rows of a snapshot. */
    void remember(String snapshot) {
      if (snapshots.put(snapshot, List.copyOf(rows)) == null) {
        snapshotIds.add(snapshot);
      }
    }
  }

  /** A rollout from a version to the next one. */
  static final class Pair {
    final int number;
    final int from;
    final int to;
    final boolean leavingOut;
    Rollout.State state = Rollout.State.PLANNED;
    boolean level;
    boolean apart;

    /** The number of rows that changed in one version alone, as the rollout knows them. */
    long changedAlone;

    boolean behind;
    boolean announced;

    final boolean withoutHistory;

    /** Rows that only the older version has, because they do not fit, or because of its history. */
    final List<Order> lacking = new ArrayList<>();

    Pair(int number, int from, int to, boolean leavingOut, boolean withoutHistory) {
      this.number = number;
      this.from = from;
      this.to = to;
      this.leavingOut = leavingOut;
      this.withoutHistory = withoutHistory;
    }

    /** Returns true if both versions are in use and were copied. */
    boolean stands() {
      return level && !state.isEnded();
    }
  }

  /** True if rows were mapped between two versions, or between some that are between them. */
  boolean areMapped(Version one, Version other) {
    int from = Math.min(one.number, other.number);
    int to = Math.max(one.number, other.number);
    return one.form.isMappedTo(other.form)
        || pairs.stream()
            .anyMatch(pair -> !pair.withoutHistory && pair.from >= from && pair.to <= to);
  }

  /** A staged publish, and its idempotency key. */
  record StagedRows(String id, String key, int major, List<Order> rows) {}

  /** A decision about versions. */
  static final class Suspension {
    /** True if it is about the product. */
    final boolean all;

    final SortedSet<Integer> named;

    /** The versions that it named, or that were open when it was made. */
    final SortedSet<Integer> openThen;

    Instant until;
    boolean approved;

    Suspension(boolean all, SortedSet<Integer> named, SortedSet<Integer> openThen, Instant until) {
      this.all = all;
      this.named = named;
      this.openThen = openThen;
      this.until = until;
    }

    boolean concerns(int version) {
      return all || named.contains(version) || !openThen.contains(version);
    }
  }

  /** The copy that a consumer keeps of a version. */
  static final class Copy {
    final String name;
    final boolean following;
    final String purpose;
    final List<Order> rows = new ArrayList<>();
    int major;

    /** The batch whose rows it has, although its acknowledgement may have failed. */
    String applied = "";

    Copy(String name, boolean following, String purpose, int major) {
      this.name = name;
      this.purpose = purpose;
      this.following = following;
      this.major = major;
    }
  }

  Version version(int number) {
    Version version = versions.get(number);
    if (version == null) {
      throw new IllegalStateException("version " + number + " does not exist");
    }
    return version;
  }

  /** Returns true if a version is not readable for consumers. */
  boolean isSuspended(int version, Instant now) {
    return suspensions.stream()
        .anyMatch(each -> each.concerns(version) && (each.approved || now.isBefore(each.until)));
  }

  /** Returns true if no version may be read for a purpose: one that is open forbids it, or all. */
  boolean forbids(String purpose) {
    return (purposes.size() == 1 && !purposes.contains(purpose))
        || published().stream()
            .anyMatch(each -> !each.purpose.isEmpty() && !each.purpose.equals(purpose));
  }

  List<Version> all() {
    return List.copyOf(versions.values());
  }

  /** Returns the versions that take rows of jobs. */
  List<Version> published() {
    return versions.values().stream().filter(Version::isOpen).toList();
  }

  /** Returns the versions whose rows a publish to one of them must write too. */
  SortedSet<Integer> levelWith(int version) {
    SortedSet<Integer> level = new TreeSet<>();
    level.add(version);
    for (int round = 0; round < pairs.size(); round++) {
      for (Pair pair : pairs) {
        if (pair.stands() && !pair.behind && level.contains(pair.from) != level.contains(pair.to)) {
          level.add(pair.from);
          level.add(pair.to);
        }
      }
    }
    return level;
  }
}
