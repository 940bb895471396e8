package io.meshwork;

import io.meshwork.internal.catalog.Catalog;
import io.meshwork.internal.catalog.Guests;
import io.meshwork.internal.catalog.Keys;
import io.meshwork.internal.delivery.AfterCommits;
import io.meshwork.internal.delivery.NoticeDelivery;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.MeshRoot;
import io.meshwork.internal.rights.Rights;
import io.meshwork.internal.routing.Partitions;
import io.meshwork.internal.runtime.Arguments;
import io.meshwork.internal.runtime.MeshRuntime;
import io.meshwork.internal.session.AccessTally;
import io.meshwork.internal.session.Session;
import io.meshwork.internal.table.MeshTables;
import io.meshwork.maintenance.Diagnosis;
import io.meshwork.maintenance.Doctor;
import io.meshwork.maintenance.Maintain;
import io.meshwork.maintenance.Repair;
import io.meshwork.notice.Delivered;
import io.meshwork.notice.Notifier;
import io.meshwork.product.Principal;
import io.meshwork.registry.Registry;
import io.meshwork.topology.Topology;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.apache.iceberg.io.FileIO;
import org.jspecify.annotations.Nullable;

/**
 * An open mesh. Starts no threads of its own; Iceberg writes manifests in a daemon pool that all
 * its users in the program share. Thread-safe; close it when the program ends.
 */
public final class Mesh implements AutoCloseable {
  private final Registry registry;
  private final FileIO files;
  private final UnaryOperator<String> addresses;
  private final String root;
  private final MeshRuntime runtime;
  private final Ledger ledger;
  private final Catalog catalog;
  private final Rights rights;
  private final AccessTally tally;
  private final MeshTables tables;
  private final NoticeDelivery delivery;
  private final Guests guests;
  private final @Nullable AfterCommits afterCommits;
  private final AtomicReference<@Nullable Instant> closedAt = new AtomicReference<>();

  Mesh(
      Registry registry,
      Topology topology,
      FileIO files,
      UnaryOperator<String> addresses,
      String root,
      MeshRuntime runtime,
      Map<String, Notifier> notifiers,
      @Nullable Executor afterCommitsOn) {
    this.registry = registry;
    this.files = files;
    this.addresses = addresses;
    this.root = root;
    this.runtime = runtime;
    this.ledger = new Ledger(registry, runtime, this::beforeCommit, this::committed);
    this.catalog = new Catalog(ledger, topology);
    this.guests = new Guests(ledger, catalog);
    this.rights = new Rights(ledger, catalog);
    this.tally = new AccessTally(ledger, catalog, runtime);
    this.tables = new MeshTables(ledger, files, root);
    Session noticing = session(Principal.of("mesh", "notices"));
    this.delivery = new NoticeDelivery(noticing, notifiers);
    this.afterCommits =
        afterCommitsOn == null ? null : new AfterCommits(noticing, delivery, afterCommitsOn);
  }

  /**
   * Opens a mesh over ports of one's own; ready backends have shorter doors, such as {@code
   * LocalMesh}.
   *
   * @param registry closed with the mesh
   * @param files closed with the mesh
   * @param root the location below which files lie, as the files' port names it; a mesh is opened
   *     under the root it was made with, for ever
   */
  public static MeshBuilder over(Registry registry, FileIO files, String root) {
    return new MeshBuilder(
        Arguments.given("registry", registry),
        Arguments.given("files", files),
        Arguments.text("root", root));
  }

  /** The verbs, for one who acts. Cheap. */
  public MeshClient actingAs(Principal principal) {
    return new MeshClient(session(Arguments.given("principal", principal)));
  }

  /**
   * Looks for damage: logs and documents that were tampered with, tables that are not what the
   * registry says, and files that a snapshot names and that are missing or of another length. Notes
   * what dead processes left. Others may work meanwhile. Changes nothing.
   *
   * @throws io.meshwork.error.BackendException if the registry cannot be read
   */
  public Diagnosis doctor() {
    Session session = session(Principal.of("mesh", "doctor"));
    session.checkOpen("look after the mesh");
    return new Doctor(session).examine();
  }

  /**
   * Hands what happened to those who are to be told, each notifier from where it stopped; see
   * {@link MeshBuilder#notifying}. For a scheduler, every few minutes; with an executor it also
   * happens after each commit, and this brings what failed or was left. A notifier that fails is
   * tried again later, at growing distances, and holds up neither publishes nor other notifiers.
   *
   * @return what was done; what failed is no error
   * @throws io.meshwork.error.BackendException if the registry cannot be read
   */
  public Delivered deliverNotices() {
    Session session = session(Principal.of("mesh", "notices"));
    session.checkOpen("deliver notices");
    return delivery.run(session.deadline());
  }

  /**
   * Tries once more those notices that were given up, which {@link #doctor} names; what fails stays
   * given up. They come after those that were delivered meanwhile.
   *
   * @throws io.meshwork.error.BackendException as {@link #deliverNotices}
   */
  public Delivered deliverParkedNotices() {
    Session session = session(Principal.of("mesh", "notices"));
    session.checkOpen("deliver notices");
    return delivery.runParked(session.deadline());
  }

  /**
   * Compacts small files, expires snapshots and clears away what dead processes left, as far as it
   * is due; see {@link Maintain}. For a scheduler, once a day or so. Others may work meanwhile.
   */
  public Maintain maintain() {
    return Maintain.of(
        session(Principal.of("mesh", "maintenance")),
        deadline -> delivery.run(deadline).delivered());
  }

  /**
   * Mends what {@link #doctor()} found and what can be mended without losing anything; see {@link
   * Repair}. Look at its plan first. Others may work meanwhile.
   */
  public Repair repair() {
    return Repair.of(session(Principal.of("mesh", "maintenance")));
  }

  /**
   * Closes registry and files, once counts of reads are written that the audit lacks. Operations
   * that are under way fail. Calling it twice is harmless.
   */
  @Override
  public void close() {
    if (closedAt.compareAndSet(null, runtime.clock().instant())) {
      try {
        tally.write();
      } finally {
        closeStores();
      }
    }
  }

  private void closeStores() {
    try {
      files.close();
    } finally {
      registry.close();
    }
  }

  private void beforeCommit(String partition) {
    guests.admit(partition);
  }

  /** The mesh's own documents are written before all of it is made. */
  private void committed(String partition) {
    AfterCommits after = afterCommits;
    if (after != null && !Partitions.isGovernance(partition) && !Keys.isReads(partition)) {
      after.committed(partition);
    }
  }

  private Session session(Principal principal) {
    return new Session(
        principal,
        ledger,
        catalog,
        rights,
        tally,
        tables,
        tables.files(),
        addresses,
        runtime,
        () -> Optional.ofNullable(closedAt.get()));
  }

  /** Makes what a new registry lacks, and refuses one that is not for this version or place. */
  void prepare() {
    MeshRoot.ensure(ledger, root).require(root);
    delivery.begin();
  }
}
