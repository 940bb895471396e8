package io.meshwork.internal.delivery;

import io.meshwork.error.MeshException;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.ledger.MovedTables;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.session.DataAge;
import io.meshwork.internal.table.LastUpdate;
import io.meshwork.internal.table.TableName;
import io.meshwork.product.MajorVersion;
import io.meshwork.product.ProductName;
import io.meshwork.registry.Registry.Key;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.util.SnapshotUtil;

/**
 * Finds the products because of which a major version became late: products that were late before
 * it, as of that time, whatever was published since.
 */
record LatenessCauses(ClientSession session, TableName table) {
  /** How far the inputs of a late product are followed. */
  private static final int MOST_STEPS = 16;

  /**
   * The products that were late before this one, at the beginning of each chain of declared inputs.
   */
  Set<MajorVersion> of(DataAge age, Instant since) {
    Set<MajorVersion> origins = new LinkedHashSet<>();
    Map<MajorVersion, Boolean> judged = new HashMap<>();
    judged.put(new MajorVersion(table.product(), table.major()), false);
    follow(inputs(session, table.product(), table.major(), age), since, judged, origins);
    return origins;
  }

  /** Returns true if one of the inputs was late at a time. */
  private boolean follow(
      List<MajorVersion> inputs,
      Instant at,
      Map<MajorVersion, Boolean> judged,
      Set<MajorVersion> origins) {
    boolean anyLate = false;
    for (MajorVersion input : inputs) {
      Boolean cached = judged.get(input);
      if (cached == null && judged.size() <= MOST_STEPS) {
        judged.put(input, false); // products can be inputs of each other
        cached = judge(input, at, judged, origins);
        judged.put(input, cached);
      }
      anyLate |= Boolean.TRUE.equals(cached);
    }
    return anyLate;
  }

  private boolean judge(
      MajorVersion input,
      Instant at,
      Map<MajorVersion, Boolean> judged,
      Set<MajorVersion> origins) {
    Optional<Instant> late = Optional.empty();
    boolean further = false;
    try {
      TableName name = TableName.of(input.product(), input.major());
      LatenessEpisode episode = new LatenessEpisode(session, name);
      Optional<DataAge> age =
          episode.promising().flatMap(version -> ageAt(episode, name, version, at));
      late = age.flatMap(each -> each.lateSince(at));
      if (late.isPresent()) {
        further =
            follow(
                inputs(session, input.product(), input.major(), age.orElseThrow()),
                late.get(),
                judged,
                origins);
      }
    } catch (MeshException e) {
      // A catalog that cannot be read now does not prevent the notice to the owner.
    }
    if (late.isPresent() && !further) {
      origins.add(input);
    }
    return late.isPresent();
  }

  /**
   * The age at an earlier time, because rows may have been replaced or added since; empty if it is
   * unknown.
   */
  private Optional<DataAge> ageAt(
      LatenessEpisode episode, TableName name, VersionEntry version, Instant at) {
    Table rows = session.tables().load(name);
    Snapshot newest = rows.currentSnapshot();
    if (newest == null || !committed(newest).isAfter(at)) {
      return Optional.of(episode.age(version));
    }
    Snapshot oldest = newest;
    for (Snapshot each : SnapshotUtil.ancestorsOf(newest.snapshotId(), rows::snapshot)) {
      if (!committed(each).isAfter(at)) {
        return Optional.of(DataAge.of(rows, each, version.contract(), LastUpdate.asOf(rows, each)));
      }
      oldest = each;
    }
    return oldest.parentId() == null
        ? Optional.of(
            age(Optional.empty(), version)
                .orSinceDefinition(session.ledger(), name.product(), name.major()))
        : episode
            .lateSince(at)
            .map(since -> since.minus(version.contract().freshWithin().orElseThrow()))
            .map(
                reference ->
                    age(Optional.of(new LastUpdate(reference, Optional.empty())), version));
  }

  private static DataAge age(Optional<LastUpdate> update, VersionEntry version) {
    return new DataAge(
        update, Optional.empty(), Optional.empty(), version.contract().freshWithin());
  }

  private static Instant committed(Snapshot snapshot) {
    return LastUpdate.publishedIn(snapshot)
        .orElseGet(() -> Instant.ofEpochMilli(snapshot.timestampMillis()));
  }

  /** The inputs that the last publish of rows declared. */
  private static List<MajorVersion> inputs(
      ClientSession session, ProductName product, int major, DataAge age) {
    return age
        .update()
        .flatMap(update -> update.keyHash())
        .flatMap(
            hash ->
                session
                    .ledger()
                    .read(new Key(RegistryKeys.partition(product), RegistryKeys.RECEIPTS + hash)))
        .map(stored -> MovedTables.inReceipt(stored.json(), major))
        .stream()
        .flatMap(receipt -> new MovedTables.MovedTable(receipt).derivedFrom().stream())
        .map(input -> new MajorVersion(input.product(), input.contract().major()))
        .toList();
  }
}
