package io.meshwork.internal.mirror;

import io.meshwork.error.Finding;
import io.meshwork.error.Finding.Severity;
import io.meshwork.error.FindingCode;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.index.IndexedProduct;
import io.meshwork.internal.index.ProductActivity;
import io.meshwork.internal.index.ProductActivity.PulseTimes;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.MirroredObject;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.mirror.MirrorRecord.RecordedState;
import io.meshwork.internal.runtime.Count;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.table.TableName;
import io.meshwork.registry.Registry.Key;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The tables of a domain that a mirror shows in an earlier state than the mesh has, as of the
 * documents of the registry: no service is called, and no log of a product is read. Stateless.
 */
public final class LateMirror {
  private static final Duration EXPECTED = Duration.ofHours(1);
  private static final int SAMPLES = 5;

  private LateMirror() {}

  /**
   * Returns a finding if tables that are mirrored to AWS Glue are late.
   *
   * @param domain the domain that owns the products
   * @param products its products
   * @throws io.meshwork.error.BackendException if the registry cannot be read
   */
  public static List<Finding> findings(
      ClientSession session, String domain, List<IndexedProduct> products, Instant now) {
    if (session.rightsMirror().isEmpty()) {
      return List.of();
    }
    String catalog = session.catalog().topology().catalogOf(domain);
    String account = session.rightsMirror().get().account(catalog);
    String partition = RegistryKeys.mirrors(session.catalog().governance(catalog));
    Map<Key, ProductActivity> pulses = new HashMap<>();
    for (IndexedProduct product : products) {
      product
          .pulse()
          .ifPresent(
              pulse ->
                  pulses.put(TableName.of(product.name(), product.shape().major()).key(), pulse));
    }
    Map<String, Instant> late = new TreeMap<>();
    for (VersionedDocument stored :
        session
            .ledger()
            .list(
                partition,
                MirroredObject.prefix(MirrorHolds.GLUE, account)
                    + RegistryKeys.partition(domain)
                    + "/")) {
      MirrorRecord mirrored = MirrorRecord.of(stored);
      mirrored
          .applied()
          .flatMap(state -> lateSince(state, pulses))
          .ifPresent(since -> late.put(mirrored.key(), since));
    }
    return late.values().stream().min(Instant::compareTo).stream()
        .map(
            since -> {
              Optional<Instant> lastRun = session.ledger().newestEntry(partition).map(Ledger::time);
              return finding(account, late, since, lastRun, now);
            })
        .toList();
  }

  /** Returns since when a state is not that of the mesh; empty if it is. */
  private static Optional<Instant> lateSince(
      RecordedState state, Map<Key, ProductActivity> pulses) {
    return state
        .hold()
        .flatMap(
            hold ->
                Optional.ofNullable(pulses.get(hold.pointer()))
                    .filter(pulse -> !pulse.snapshot().equals(hold.snapshot())))
        .flatMap(
            pulse ->
                publishes(pulse)
                    .filter(at -> at.isAfter(state.at()))
                    .min(Instant::compareTo)
                    .or(() -> publishes(pulse).max(Instant::compareTo)));
  }

  private static Stream<Instant> publishes(ProductActivity pulse) {
    return Stream.concat(Stream.of(pulse.times()), pulse.updates().stream())
        .flatMap((PulseTimes times) -> times.published().stream());
  }

  private static Finding finding(
      String account,
      Map<String, Instant> late,
      Instant since,
      Optional<Instant> lastRun,
      Instant now) {
    return new Finding(
        FindingCode.MIRROR_OVERDUE,
        since.isBefore(now.minus(EXPECTED)) ? Severity.WARNING : Severity.NOTE,
        MirrorHolds.GLUE + " in " + account,
        Count.of(late.size(), "table shows", "tables show")
            + " an earlier state: the oldest should have changed at "
            + since
            + "."
            + lastRun
                .map(at -> " The last run of the mirrors that changed something was at " + at + ".")
                .orElse(""),
        late.size(),
        late.keySet().stream().limit(SAMPLES).toList(),
        "Call mesh.operate(..) every few minutes, or run mesh mirror.");
  }
}
