package io.meshwork.walk;

import io.meshwork.consume.Rows;
import io.meshwork.error.MeshException;
import io.meshwork.product.MajorVersion;
import io.meshwork.walk.RolloutModel.Pair;
import io.meshwork.walk.RolloutModel.Version;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Steps after which rows are no longer in quarantines: an erase of them, and their expiration. */
final class QuarantineSteps {
  private static final Pattern ID = Pattern.compile("\"id\":(\\d+)");
  private static final String ALL = "rules LIKE '%'";

  private final RolloutWorld world;
  private final RolloutModel model;
  private final RowSteps rows;
  private final VersionSteps versions;

  QuarantineSteps(RolloutWorld world, RowSteps rows, VersionSteps versions) {
    this.world = world;
    this.model = world.model;
    this.rows = rows;
    this.versions = versions;
  }

  /**
   * Clears quarantines, and sometimes exchanges an accepted row for another that is rejected too.
   */
  void run(RolloutStep step) {
    SortedMap<Integer, List<Long>> before = read();
    List<Integer> filled =
        before.keySet().stream()
            .filter(each -> !before.getOrDefault(each, List.of()).isEmpty())
            .toList();
    if (filled.isEmpty()) {
      return;
    }
    if (step.oneIn(3, 1)) {
      expire(step, before);
    } else {
      erase(step, model.version(step.subject(filled)), before);
    }
    model.pairs.stream()
        .filter(pair -> pair.stands() && !pair.lacking.isEmpty() && step.oneIn(2, 3))
        .findFirst()
        .ifPresent(pair -> exchange(step, pair));
  }

  /** Returns the IDs of the quarantined rows of each version whose quarantine can be read. */
  private SortedMap<Integer, List<Long>> read() {
    SortedMap<Integer, List<Long>> all = new TreeMap<>();
    for (Version version : model.all()) {
      if (version.hasFiles()) {
        ids(version.number).ifPresent(ids -> all.put(version.number, ids));
      }
    }
    return all;
  }

  private Optional<List<Long>> ids(int major) {
    List<Long> ids = new ArrayList<>();
    try (Rows<Map<String, Object>> rows =
        world.one.shop().quarantine(RolloutWorld.PRODUCT).majorVersion(major).asMaps().rows()) {
      for (Map<String, Object> row : rows) {
        Matcher id = ID.matcher(String.valueOf(row.get("row")));
        if (id.find()) {
          ids.add(Long.valueOf(id.group(1)));
        }
      }
    } catch (MeshException e) {
      return Optional.empty();
    }
    return Optional.of(ids.stream().sorted().toList());
  }

  /** The rows leave the quarantines of all versions; no other row does, and no version changes. */
  private void erase(RolloutStep step, Version version, SortedMap<Integer, List<Long>> before) {
    List<Long> own = before.getOrDefault(version.number, List.of());
    Optional<Long> one =
        step.oneIn(2, 2) ? Optional.empty() : Optional.of(own.get(step.third() % own.size()));
    String filter = one.map(id -> "row LIKE '%id_:" + id + ",%'").orElse(ALL);
    List<Long> selected = one.map(List::of).orElse(own);
    String key = "k" + world.nextNumber();
    if (world.call(
        step,
        "@shop.erase(P).majorVersion(%d).quarantineWhere(\"%s\").because(\"cleared\").idempotencyKey(\"%s\").commit()"
            .formatted(version.number, filter, key),
        process ->
            process
                .shop()
                .erase(RolloutWorld.PRODUCT)
                .majorVersion(version.number)
                .quarantineWhere(filter)
                .because("cleared")
                .idempotencyKey(key)
                .commit())) {
      SortedMap<Integer, List<Long>> want = new TreeMap<>();
      before.forEach(
          (major, ids) ->
              want.put(major, ids.stream().filter(id -> !selected.contains(id)).toList()));
      SortedMap<Integer, List<Long>> after = read();
      after.forEach(
          (major, ids) ->
              want.computeIfPresent(
                  major, (any, expectedIds) -> isKnown(major) ? expectedIds : ids));
      world.require(
          Law.L2,
          after.equals(want),
          "an erase of rows of the quarantine of version "
              + version.number
              + " leaves "
              + after
              + ", not "
              + want,
          "");
      forget(after);
    }
  }

  /** False for copies of an aborted rollout, of which the copied file may have been rewritten. */
  private boolean isKnown(int major) {
    return model.version(major).state != MajorVersion.State.WITHDRAWN;
  }

  /** Rows that are too old leave the quarantine, but for those that a rollout needs. */
  private void expire(RolloutStep step, SortedMap<Integer, List<Long>> before) {
    world.pass(Duration.ofDays(2));
    if (world.call(
        step,
        "@mesh.maintain().keepQuarantineFor(Duration.ofDays(1)).trustClock().commit()",
        process ->
            process
                .mesh()
                .maintain()
                .keepQuarantineFor(Duration.ofDays(1))
                .trustClock()
                .commit())) {
      SortedMap<Integer, List<Long>> after = read();
      for (Integer major : before.keySet()) {
        List<Long> retained = retained(major, before.getOrDefault(major, List.of()));
        List<Long> remaining = after.getOrDefault(major, List.of());
        world.require(
            Law.L1,
            remaining.containsAll(retained),
            "maintenance removes accepted rows from the quarantine of version "
                + major
                + ", which has "
                + remaining
                + ", and not all of "
                + retained,
            "");
      }
      forget(after);
    }
  }

  /** The rows of a quarantine by which a rollout knows what its owner accepted. */
  private List<Long> retained(int major, List<Long> ids) {
    return model.pairs.stream()
        .filter(pair -> pair.stands() && pair.to == major && !pair.withoutHistory)
        .flatMap(pair -> pair.lacking.stream().filter(model.version(pair.from).rows::contains))
        .map(Order::id)
        .filter(ids::contains)
        .toList();
  }

  private void forget(SortedMap<Integer, List<Long>> remaining) {
    remaining.forEach(
        (major, ids) ->
            model.version(major).quarantined.keySet().removeIf(id -> !ids.contains(id)));
  }

  private void exchange(RolloutStep step, Pair pair) {
    versions.readStates();
    Version from = model.version(pair.from);
    if (!pair.stands() || !from.isOpen()) {
      return;
    }
    pair.lacking.stream()
        .filter(from.rows::contains)
        .findFirst()
        .ifPresent(row -> rows.eraseAlone(step, from, RowFilter.id(row.id())));
    rows.publish(step, from, PublishCall.toOne(List.of(rows.rejected())));
    versions.verify(step, pair);
  }
}
