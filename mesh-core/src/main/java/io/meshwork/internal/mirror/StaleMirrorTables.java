package io.meshwork.internal.mirror;

import io.meshwork.error.Finding;
import io.meshwork.error.Finding.Severity;
import io.meshwork.error.FindingCode;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.index.IndexedProduct;
import io.meshwork.internal.index.ProductActivity;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.MirroredObject;
import io.meshwork.internal.ledger.UnloggedDocuments;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.mirror.MirrorRecord.RecordedState;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.table.TableName;
import io.meshwork.internal.text.Count;
import io.meshwork.registry.Registry.Key;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The tables of a domain that a mirror shows in an earlier state than the mesh has, as of the
 * documents of the registry: no service is called, and no log of a product is read. Stateless.
 */
public final class StaleMirrorTables {
  private static final Duration EXPECTED = Duration.ofHours(1);
  private static final int SAMPLES = 5;
  private static final String TABLES = UnloggedDocuments.MIRRORED + MirroredObject.GLUE + "/";

  private StaleMirrorTables() {}

  /**
   * Returns a finding for each account whose tables in AWS Glue are late, or one if the mirrors are
   * configured but were never run.
   *
   * @param domain the domain that owns the products
   * @param products its products
   * @throws io.meshwork.error.BackendException if the registry cannot be read
   */
  public static List<Finding> findings(
      ClientSession session, String domain, List<IndexedProduct> products, Instant now) {
    if (session.process().isEmpty()) {
      return List.of(); // such a backend has no mirrors
    }
    String partition =
        RegistryKeys.mirrors(
            session.catalog().governance(session.catalog().topology().catalogOf(domain)));
    Map<Key, ProductActivity> activities = new HashMap<>();
    for (IndexedProduct product : products) {
      Key table = TableName.of(product.name(), product.indexEntry().major()).key();
      product.activity().ifPresent(activity -> activities.put(table, activity));
    }
    List<VersionedDocument> tables = session.ledger().listLenient(partition, TABLES);
    if (tables.isEmpty()) {
      return neverRun(session, partition, domain, activities.size());
    }
    Map<String, Map<String, Instant>> lateByAccount = new TreeMap<>();
    for (VersionedDocument stored : tables) {
      String place = stored.key().sort().substring(TABLES.length());
      int slash = place.indexOf('/');
      if (place.startsWith(RegistryKeys.partition(domain) + "/", slash + 1)) {
        stored
            .readAs(MirrorRecord::of)
            .flatMap(MirrorRecord::applied)
            .flatMap(state -> lateSince(state, activities))
            .ifPresent(
                since ->
                    lateByAccount
                        .computeIfAbsent(place.substring(0, slash), first -> new TreeMap<>())
                        .put(place.substring(slash + 1), since));
      }
    }
    Optional<Instant> lastRun =
        lateByAccount.isEmpty()
            ? Optional.empty()
            : session.ledger().newestEntry(partition).map(Ledger::time);
    return lateByAccount.entrySet().stream()
        .map(late -> finding(late.getKey(), late.getValue(), lastRun, now))
        .toList();
  }

  /**
   * The mirror to Glue needs no configuration, so it may be unused. Lake Formation is configured,
   * and who was granted something cannot read before its mirror runs.
   */
  private static List<Finding> neverRun(
      ClientSession session, String partition, String domain, int published) {
    if (published == 0
        || session.rightsMirror().isEmpty()
        || session.ledger().newestSequence(partition) > 0) {
      return List.of();
    }
    return List.of(
        new Finding(
            FindingCode.MIRROR_OVERDUE,
            Severity.WARNING,
            domain,
            "The mesh is configured for "
                + session.rightsMirror().get().service()
                + ", and its mirrors were never run: engines do not see "
                + Count.of(published, "published product", "published products")
                + ", and other domains cannot read what they were granted.",
            published,
            List.of(),
            "As the operator of the mesh, review mesh mirror --plan, and run mesh mirror once. Then"
                + " mesh operate does it."));
  }

  /** Returns since when a state is not the mesh's; empty if it is. */
  private static Optional<Instant> lateSince(
      RecordedState state, Map<Key, ProductActivity> activities) {
    return state
        .hold()
        .flatMap(
            hold ->
                Optional.ofNullable(activities.get(hold.pointer()))
                    .filter(activity -> !activity.snapshot().equals(hold.snapshot())))
        .flatMap(
            activity ->
                activity
                    .publishes()
                    .filter(at -> at.isAfter(state.at()))
                    .min(Instant::compareTo)
                    .or(() -> activity.publishes().max(Instant::compareTo)));
  }

  private static Finding finding(
      String account, Map<String, Instant> late, Optional<Instant> lastRun, Instant now) {
    Instant since = Collections.min(late.values());
    return new Finding(
        FindingCode.MIRROR_OVERDUE,
        since.isBefore(now.minus(EXPECTED)) ? Severity.WARNING : Severity.NOTE,
        MirroredObject.GLUE + " in " + account,
        Count.of(late.size(), "table shows", "tables show")
            + " an earlier state: the oldest should have changed at "
            + since
            + "."
            + lastRun
                .map(at -> " The last run of the mirrors that changed something was at " + at + ".")
                .orElse(""),
        late.size(),
        late.keySet().stream().limit(SAMPLES).toList(),
        "Operate the mesh every few minutes, or run mesh mirror.");
  }
}
