package io.meshwork.internal.maintenance;

import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.leftovers.AttemptFences;
import io.meshwork.internal.leftovers.FileReachability;
import io.meshwork.internal.leftovers.OrphanFile;
import io.meshwork.internal.leftovers.TableLeftovers;
import io.meshwork.internal.leftovers.TableLeftovers.Verdict;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.table.FileOrigin.Writer;
import io.meshwork.internal.table.MeshTables.PinnedTable;
import io.meshwork.internal.text.Count;
import io.meshwork.operation.Plan;
import io.meshwork.registry.Registry.Key;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Deletes orphan files. First fences their publishes and settles their attempts, so that none of
 * them can be committed later; then reads the table again if anything was committed since they were
 * found; then deletes the files.
 */
final class OrphanRemoval implements MaintenanceTask {
  private final ClientSession session;
  private final MeshInventory inventory;
  private final Key table;
  private final Optional<String> version;
  private final FileReachability references;
  private final List<OrphanFile> orphans;

  /**
   * Creates a removal.
   *
   * @param version the version of the table's pointer when no snapshot referenced the orphans;
   *     empty if the table does not exist
   * @param references what the table referenced then
   */
  OrphanRemoval(
      ClientSession session,
      MeshInventory inventory,
      Key table,
      Optional<String> version,
      FileReachability references,
      List<OrphanFile> orphans) {
    this.inventory = inventory;
    this.session = session;
    this.table = table;
    this.version = version;
    this.references = references;
    this.orphans = orphans;
  }

  @Override
  public Plan.Step step() {
    long bytes = orphans.stream().mapToLong(orphan -> orphan.file().size()).sum();
    return new Plan.Step(
        "remove leftovers of",
        table.toString(),
        Count.of(orphans.size(), "file")
            + " of "
            + bytes
            + " bytes that no snapshot references, such as "
            + orphans.get(0).file().location(),
        "cannot be undone; no readable row is lost");
  }

  @Override
  public String basis() {
    return orphans.stream()
        .map(orphan -> orphan.file().location())
        .collect(Collectors.joining("\t"));
  }

  @Override
  public void run(MaintenanceTally tally, Deadline deadline) {
    AttemptFences.add(session, table, ids(Writer.PUBLISH), deadline);
    Set<String> unsettled = new HashSet<>();
    for (String attempt : ids(Writer.ATTEMPT)) {
      deadline.check(MeshAction.of(Verb.RESOLVE, "unfinished publishes to " + table));
      if (!session.ledger().settle(table.partition(), attempt)) {
        unsettled.add(attempt);
      }
    }
    // Checked only now, because nothing more can be committed.
    Optional<PinnedTable> now = session.tables().pin(table);
    FileReachability reachability =
        session.tables().version(table).equals(version)
            ? references
            : FileReachability.of(session.tables(), now, references.files());
    inventory.foreign().add(table, now, reachability.files());
    TableLeftovers leftovers =
        new TableLeftovers(session, table, now, reachability, inventory.foreign());
    if (leftovers.doubt(List.of()).isPresent()) {
      return;
    }
    FileRemoval.run(
        session,
        table.partition(),
        orphans.stream()
            .filter(orphan -> !unsettled.contains(orphan.id()))
            .filter(orphan -> leftovers.verdict(orphan) == Verdict.REMOVABLE)
            .collect(
                Collectors.toMap(
                    orphan -> orphan.file().location(),
                    orphan -> orphan.file().size(),
                    Long::sum,
                    TreeMap::new)),
        tally,
        deadline);
  }

  private Set<String> ids(Writer writer) {
    return orphans.stream()
        .filter(orphan -> orphan.writer() == writer)
        .map(OrphanFile::id)
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
